package isolation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/natsconn"
)

// trial tries the ways from one lattice into another.
type trial struct {
	from, to Side
	token    string
	wait     time.Duration

	ears []ear // of the other lattice
}

// ear is a subscription of a lattice on a subject of its own.
type ear struct {
	purpose, subject string
	kind             Kind
	sub              *nats.Subscription
}

// run listens in the other lattice, tries all ways, and looks what comes. Whatever ends
// it, what was made is taken away again.
func (t *trial) run(ctx context.Context) ([]Way, error) {
	defer t.close()
	for _, kind := range []Kind{Publish, Republish, Deliver, Answer} {
		for _, c := range t.to.connections() {
			e, err := listen(ctx, c, t.tokenOf(kind))
			if err != nil {
				return nil, err
			}
			if e.sub != nil {
				e.kind = kind
				t.ears = append(t.ears, e)
			}
		}
	}
	tries := []func(context.Context) (verdict, error){t.publish, t.subscribe, t.stream, t.mirror, t.republish, t.deliver, t.answer}
	verdicts := make([]verdict, len(tries))
	defer func() {
		for _, v := range verdicts {
			if v.undo != nil {
				v.undo()
			}
		}
	}()
	for i, try := range tries {
		var err error
		if verdicts[i], err = try(ctx); err != nil {
			return nil, err
		}
	}
	return t.settle(ctx, verdicts)
}

// betweenLooks is how long a look at what has come is from the next.
const betweenLooks = 50 * time.Millisecond

// settle looks until every way is open or cannot be, or the time that a message may
// take is up.
func (t *trial) settle(ctx context.Context, verdicts []verdict) ([]Way, error) {
	timeUp := time.NewTimer(t.wait)
	defer timeUp.Stop()
	for last := false; ; {
		ways, waits := make([]Way, len(verdicts)), false
		for i, kind := range kinds() {
			ways[i] = t.judge(Way{Kind: kind, From: t.from.Lattice, To: t.to.Lattice}, verdicts[i])
			waits = waits || ways[i].waits
		}
		switch {
		case ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case !waits || last:
			return ways, nil
		}
		select {
		case <-ctx.Done():
		case <-time.After(betweenLooks):
			if err := repeat(ways, verdicts); err != nil {
				return nil, err
			}
		case <-timeUp.C:
			last = true
		}
	}
}

// repeat sends once more by every way that may still be open.
func repeat(ways []Way, verdicts []verdict) error {
	for i, v := range verdicts {
		if ways[i].waits && v.again != nil {
			if err := v.again(); err != nil {
				return fmt.Errorf("failed to send: %w", err)
			}
		}
	}
	return nil
}

// verdict is what is known of a way once it was tried: how it looks since says late,
// and undo takes away what was made. again sends once more: in a cluster it takes a
// moment until every server knows who listens, and which streams there are.
type verdict struct {
	late  func(Way) Way
	again func() error
	undo  func()
}

// inTurn does one thing after another, to the first error.
func inTurn(all []func() error) func() error {
	return func() error {
		for _, do := range all {
			if err := do(); err != nil {
				return err
			}
		}
		return nil
	}
}

// judge settles one way, by what came to the ears of its kind or by its own look.
func (t *trial) judge(w Way, v verdict) Way {
	heard := t.heard(w.Kind)
	if len(heard) > 0 {
		return w.open("%s", "a message came to "+strings.Join(heard, " and "))
	}
	return v.late(w)
}

// heard are the connections of the other lattice that a message came to by a way.
func (t *trial) heard(kind Kind) []string {
	var heard []string
	for _, e := range t.ears {
		if pending, _, _ := e.sub.Pending(); e.kind == kind && pending > 0 {
			heard = append(heard, e.purpose)
		}
	}
	return heard
}

// targets are the subjects of the other lattice that somebody listens to for a way.
func (t *trial) targets(kind Kind) []ear {
	return slices.DeleteFunc(slices.Clone(t.ears), func(e ear) bool { return e.kind != kind })
}

func (t *trial) tokenOf(kind Kind) string { return "latch-" + t.token + "-" + string(kind) }

func (t *trial) close() {
	for _, e := range t.ears {
		_ = e.sub.Unsubscribe()
	}
}

// listen subscribes a lattice to a subject of its own; the subscription is nil where
// the server does not let it.
func listen(ctx context.Context, c named, token string) (ear, error) {
	e := ear{purpose: c.purpose, subject: c.subject(token)}
	denied, err := asked(ctx, c.conn, natsconn.Subscribe, e.subject, func() (err error) {
		e.sub, err = c.conn.SubscribeSync(e.subject)
		return err
	})
	if err != nil {
		return e, fmt.Errorf("failed to listen: %w", err)
	}
	if denied {
		_ = e.sub.Unsubscribe()
		e.sub = nil
	}
	return e, nil
}

// asked does something and reports whether the server forbade it.
func asked(ctx context.Context, conn *natsconn.Conn, action natsconn.Action, subject string, do func() error) (denied bool, err error) {
	before := len(conn.Denied())
	if err := do(); err != nil {
		return false, err
	}
	if err := conn.Settle(ctx); err != nil {
		return false, err
	}
	return slices.ContainsFunc(conn.Denied()[before:], func(d natsconn.Denial) bool { return d.Action == action && d.Subject == subject }), nil
}
