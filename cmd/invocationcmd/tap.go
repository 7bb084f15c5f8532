package invocationcmd

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/connect"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/invocation"
	"github.com/latch-keys/latch/internal/invocation/tap"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/rotation"
	"github.com/latch-keys/latch/internal/wasmbus"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

type tapOptions struct {
	verifyOptions
	connect.Flags

	lattice string
	span    time.Duration
	every   time.Duration
	all     bool
	payload bool
	record  bool
	queue   int
}

func newTap(a verbs) *cobra.Command {
	var o tapOptions
	c := &cobra.Command{
		Use:   "tap",
		Short: "Verify the calls of a running lattice as they pass by",
		Long: `Subscribes to the calls of a lattice, verifies each as a host does, and shows which
are refused and why. It only listens: nothing is sent, and no call is held up.

Whoever listens sees every call: who calls whom, when, with what payload. latch asks
before it does, and shows payloads only with --payload. The user of NATS must be
allowed to subscribe to wasmbus.rpc.LATTICE.>.

It counts calls received, judged and dropped: where they come faster than they can be
judged, they are dropped and latch says so. What its user is denied on the server is
not heard; that is said too.

In a rotation, --record takes down in the manifest since when no call was signed with
an old key. It does so only if every call was heard, and some of every host: silence
alone is not known to be one. latch issuers rotate next --require-quiet asks for it.

With -o json it prints one line for each call that it shows, and for each total.
Exit code 3 if a call was refused, or if --record had nothing to record.`,
		Example: "  latch invocation tap --for 5m\n  latch invocation tap --for 10m --record --yes\n" +
			"  latch invocation tap --verifier strict --all -o json --yes | jq -c 'select(.type == \"call\")'",
		Args: app.Exactly(),
		RunE: func(c *cobra.Command, _ []string) error {
			return a.tap(c.Context(), o)
		},
	}
	o.RegisterFor(c, a.App, wasmcloud.RPC, "invocations")
	o.verifyOptions.register(c, "verifier")
	flags := c.Flags()
	flags.StringVar(&o.lattice, "lattice", "", "prefix of the lattice (default: that of the manifest)")
	flags.DurationVar(&o.span, "for", 0, "how long to listen (default: until interrupted)")
	flags.DurationVar(&o.every, "every", 10*time.Second, "how often to show the totals")
	flags.BoolVar(&o.all, "all", false, "show the calls that are accepted too")
	flags.BoolVar(&o.payload, "payload", false, "show the payload of each call that is shown")
	flags.BoolVar(&o.record, "record", false, "take down in the manifest how long the rotation's old keys were silent")
	flags.IntVar(&o.queue, "queue", 100_000, "how many calls may wait to be judged")
	return c
}

func (a verbs) tap(ctx context.Context, o tapOptions) error {
	if o.every <= 0 || o.queue <= 0 || o.span < 0 {
		return fault.New(fault.Usage, "--every, --queue and --for must be greater than nothing").WithHint("latch invocation tap --help")
	}
	if o.record && o.span == 0 {
		return fault.New(fault.Usage, "--record needs to know for how long to listen").WithHint("latch invocation tap --record --for 10m")
	}
	l, err := a.newListener(ctx, o)
	if err != nil {
		return err
	}
	defer l.tap.Close()
	conn, end, err := o.Open(ctx, a.App, func(n *natsconn.Options) { n.Reconnect, n.Changed = true, l.changed })
	if err != nil {
		return err
	}
	defer end()
	if err := a.Confirm(ctx, l.question(conn)); err != nil {
		return err
	}
	if err := l.listen(ctx, conn); err != nil {
		return err
	}
	return l.conclude(ctx)
}

// listener is what listens to a lattice, and what it does with what it hears.
type listener struct {
	verbs
	o        tapOptions
	accepted accepted
	why      invocation.Context
	subjects string
	old      map[string]string // names of the keys that are to fall silent, by key
	tap      *tap.Tap
	deaf     string // what the user is denied, "" for nothing
	told     uint64 // drops that the person was told of

	conn  atomic.Pointer[natsconn.Conn]
	ended atomic.Bool

	printing sync.Mutex
	refused  bool
	broken   error // of stdout
}

func (a verbs) newListener(ctx context.Context, o tapOptions) (*listener, error) {
	accepted, err := a.accepted(ctx, o.verifyOptions)
	if err != nil {
		return nil, err
	}
	l := &listener{verbs: a, o: o, accepted: accepted, old: map[string]string{}}
	m := accepted.lattice
	if l.o.lattice == "" && m != nil {
		l.o.lattice = m.Lattice
	}
	if l.o.lattice == "" {
		return nil, fault.New(fault.Usage, "which lattice is to be listened to?").WithHint("--lattice PREFIX, or a manifest with -m")
	}
	l.subjects = wasmcloud.RPCSubjects(l.o.lattice)
	if o.record {
		if m == nil {
			_, err := a.Manifest()
			return nil, err
		}
		if err := rotation.CheckListening(*m); err != nil {
			return nil, err
		}
	}
	as, err := o.target(accepted)
	if err != nil {
		return nil, err
	}
	l.why = a.contextOf(ctx, accepted, o.verifyOptions)
	options := tap.Options{
		Verifier: invocation.NewVerifier(as, accepted.keys, invocation.NewWindow(o.replays, o.most)),
		Workers:  runtime.GOMAXPROCS(0), Queue: o.queue, Now: a.Sys.Now, Each: l.each,
	}
	if m != nil {
		l.expect(*m, &options)
	}
	l.tap = tap.Start(options)
	return l, nil
}

// question says what somebody who listens will see.
func (l *listener) question(conn *natsconn.Conn) string {
	who := "subscribes to " + l.subjects + " on " + conn.ConnectedUrlRedacted()
	return "This " + who + ": every call of the lattice " + l.o.lattice + " is seen, its payload too. " +
		"Payloads are " + map[bool]string{true: "shown", false: "hashed, not shown"}[l.o.payload] + ". Listen?"
}

// changed is told that the connection was lost, or is back.
func (l *listener) changed(lost error) {
	switch {
	case l.ended.Load():
	case lost != nil:
		l.tap.Deaf("the connection to NATS was lost")
		l.Warn("the connection to NATS is lost (%v): nothing is heard", lost)
	default:
		if conn := l.conn.Load(); conn != nil && conn.Settle(context.Background()) == nil { // which confirms the subscription
			l.tap.Begin()
			l.Warn("the connection to NATS is back")
		}
	}
}

// rightsPatience is how long a server may take to say what the user may hear: what is
// recorded of silence rests on it.
const rightsPatience = 10 * time.Second

// listen hears calls until the time is up, or the person has had enough.
func (l *listener) listen(ctx context.Context, conn *natsconn.Conn) error {
	if who := wasmbus.WhoAsks(ctx, conn, rightsPatience); who.Rights == nil {
		l.deaf = "what of the calls the server keeps back from this user is not known: it may not ask $SYS.REQ.USER.INFO"
	} else if !who.Rights.Hears(l.subjects) {
		l.deaf = "the server keeps calls back from this user, by its permissions"
		l.Warn("%s", l.deaf)
	}
	watch, err := conn.Watch(ctx, l.subjects, l.take)
	if err != nil {
		return err
	}
	defer watch.Stop()
	l.conn.Store(conn)
	l.tap.Begin()
	l.Say("Listening to %s.", l.subjects)
	within := ctx
	if l.o.span > 0 {
		var cancel context.CancelFunc
		within, cancel = context.WithTimeout(ctx, l.o.span)
		defer cancel()
	}
	tick := time.NewTicker(l.o.every)
	defer tick.Stop()
	for {
		select {
		case <-within.Done():
			if !errors.Is(ctx.Err(), context.Canceled) {
				_ = conn.Settle(ctx) // what was sent before the time was up
			}
			l.ended.Store(true)
			watch.Stop()
			l.dropped(watch)
			l.tap.Close()
			return watch.Err()
		case <-tick.C:
			l.dropped(watch)
			if err := watch.Err(); err != nil {
				return err
			}
			if err := l.showTotals(false); err != nil {
				return err
			}
		}
	}
}

func (l *listener) take(subject string, data []byte) {
	if wasmcloud.IsCall(l.o.lattice, subject) {
		l.tap.Take(subject, data)
	} else {
		l.tap.TakeOther()
	}
}

// dropped says aloud that calls were dropped.
func (l *listener) dropped(watch *natsconn.Watch) {
	l.tap.Dropped(watch.Dropped())
	if dropped := l.tap.Totals().Dropped; dropped > l.told {
		l.Warn("%d calls were dropped, %d in all: they come faster than this machine judges them", dropped-l.told, dropped)
		l.told = dropped
	}
}

// conclude shows the last totals, and records the silence of old keys.
func (l *listener) conclude(ctx context.Context) error {
	if err := l.showTotals(true); err != nil {
		return err
	}
	if l.broken != nil {
		return l.broken
	}
	if l.o.record {
		if err := l.record(ctx); err != nil {
			return err
		}
	}
	if l.refused {
		return app.No()
	}
	return nil
}
