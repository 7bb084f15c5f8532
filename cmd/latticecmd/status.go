package latticecmd

import (
	"context"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/live"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/wasmbus"
)

type statusOptions struct {
	live.Flags

	expect    []string
	strangers bool
	wait      time.Duration
	phase     string
	watch     bool
	every     time.Duration
}

func newStatus(a verbs) *cobra.Command {
	var o statusOptions
	c := &cobra.Command{
		Use:   "status",
		Short: "Ask the running hosts what they sign with and accept",
		Long: `Asks the hosts that run, over NATS, and compares what they say with the manifest: a
file that was written is not a host that was restarted. It shows each host with what
it signs with and accepts, and which hosts refuse each other now.

Nothing in an answer is signed: any client of the NATS account can answer in the
place of a host. Two answers for one host key are shown as a conflict.

It stops when every host of the manifest has answered; --strangers waits the whole
--timeout for hosts that are not in it, and for replicas that run as one host. A host
without latch's labels is named with --match. --expect sets known drift aside until a
day.

--wait asks again until every host is as written, or has the phase of the rotation
that --for names, and then once more for the whole --timeout. It survives lost
connections, and always ends. --watch shows the hosts anew for as long as you like:
on a terminal the whole screen, elsewhere one line of JSON for each change.

Exit code 3 if a host is not as the manifest says, or missing; 4 if nothing could be
looked at: no host answered, or the hosts may not be asked.`,
		Example: "  latch lattice status\n  latch lattice status --nats nats://10.0.0.5:4222 --creds ops.creds\n" +
			"  latch lattice status --wait 10m --for introduce\n  latch lattice status --expect 'edge-1=new disk,until=2026-12-31'",
		Args: app.Exactly(),
		RunE: func(c *cobra.Command, _ []string) error { return a.status(c, o) },
	}
	o.Register(c, a.App)
	flags := c.Flags()
	flags.StringArrayVar(&o.expect, "expect", nil, "set known drift of a host aside, as HOST=REASON,until=DATE (repeatable)")
	flags.BoolVar(&o.strangers, "strangers", false, "wait the whole timeout for hosts that are not in the manifest")
	flags.DurationVar(&o.wait, "wait", 0, "ask again for so long, until every host is as written")
	flags.StringVar(&o.phase, "for", "", "with --wait: until every host has this phase of the rotation: introduce, switch, retire")
	flags.BoolVar(&o.watch, "watch", false, "ask again and again, and show what changes")
	flags.DurationVar(&o.every, "every", 2*time.Second, "how long to pause between two looks")
	_ = c.RegisterFlagCompletionFunc("for", cobra.FixedCompletions(phaseNames(), cobra.ShellCompDirectiveNoFileComp))
	_ = c.RegisterFlagCompletionFunc("expect", a.CompleteHosts)
	c.MarkFlagsMutuallyExclusive("wait", "watch")
	return a.PerLattice(c, "as", "match", "expect", "watch")
}

func phaseNames() []string {
	var names []string
	for _, p := range lattice.Phases() {
		names = append(names, string(p))
	}
	return names
}

// look is one look at the hosts of a manifest, and how to take another.
type look struct {
	verbs
	o      statusOptions
	file   *lattice.Document
	m      lattice.Manifest
	expect []wasmbus.Expectation
	asker  *live.Asker
}

func (a verbs) status(c *cobra.Command, o statusOptions) error {
	if o.phase != "" && o.wait == 0 {
		return app.UsageIn(c, "--for needs --wait: how long to wait for the phase")
	}
	if o.every <= 0 || o.wait < 0 {
		return app.UsageIn(c, "--wait and --every are times, such as 10m and 2s")
	}
	file, err := a.Manifest()
	if err != nil {
		return err
	}
	l := look{verbs: a, o: o, file: file, m: file.Manifest()}
	for _, text := range o.expect {
		e, err := wasmbus.ParseExpectation(text)
		if err != nil {
			return err
		}
		l.expect = append(l.expect, e)
	}
	switch ctx := c.Context(); {
	case o.wait > 0:
		return l.wait(ctx)
	case o.watch:
		return l.watch(ctx)
	default:
		return l.once(ctx)
	}
}

// connect gives the look somebody to ask by; what it gives ends that.
func (l *look) connect(ctx context.Context, edit func(*natsconn.Options)) (end func(), err error) {
	l.asker, end, err = l.o.Open(ctx, l.App, l.m, edit)
	if err == nil && l.o.strangers {
		l.asker.Strangers()
	}
	return end, err
}

// once looks, shows, and says whether all is well.
func (l look) once(ctx context.Context) error {
	end, err := l.connect(ctx, nil)
	if err != nil {
		return err
	}
	defer end()
	s, err := l.asker.Look(ctx)
	if err != nil {
		return err
	}
	return l.conclude(l.expected(s))
}

// expected sets aside what is known.
func (l look) expected(s wasmbus.Status) wasmbus.Status {
	s.Expect(l.expect, l.Sys.Now())
	return s
}

// conclude shows what was seen, if anything was, and says what it amounts to.
func (l look) conclude(s wasmbus.Status) error {
	unseen := l.asker.Unseen(s)
	doc := l.describe(s)
	if unseen == nil {
		unseen = l.Show(doc, func(w io.Writer) { l.print(w, doc, s) })
	}
	for _, remark := range live.Remarks(s.Answers) {
		l.Warn("%s", remark)
	}
	if unseen != nil {
		return unseen
	}
	for _, e := range s.Expect(l.expect, l.Sys.Now()) {
		if e.Holds(l.Sys.Now()) {
			l.Warn("%s is as written: --expect sets nothing aside (%s)", e.Host, e.Reason)
		} else {
			l.Warn("what is expected of %s held until %s (%s)", e.Host, e.LastDay(), e.Reason)
		}
	}
	if !doc.OK {
		return app.No()
	}
	return nil
}
