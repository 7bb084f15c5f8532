package wasmbus

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/natsconn"
)

// Question is which hosts are asked, and how long their answers are waited for.
type Question struct {
	Lattice string
	Topics  []string // what begins the control subjects; none where hosts are told no other

	// Expected are the hosts that should answer, by their names, and NameOf tells
	// whose a reply is, "" for that of a stranger. Once all have answered and nothing
	// came for Quiet, the rest of Timeout is not waited for. Nil: all of it is.
	Expected []string
	NameOf   func(Reply) string
	Timeout  time.Duration
	Quiet    time.Duration
}

// The times of a question that nobody says otherwise.
const (
	DefaultTimeout = 2 * time.Second // as clients of wasmCloud wait
	DefaultQuiet   = 100 * time.Millisecond
)

// The limits of what is kept, whoever answers.
const (
	mostPending      = 100_000   // answers that are not read yet
	mostPendingBytes = 64 << 20  // likewise
	mostKeptBytes    = 256 << 20 // of all answers that are kept
)

// Ask asks every host of a lattice who it is, hosts before and after 1.0 alike, and
// gathers what they answer. An error says why nobody could be asked; that nobody
// answered, or that we may not ask, is an outcome.
func Ask(ctx context.Context, conn *natsconn.Conn, q Question) (Answers, error) {
	before := len(conn.Denied())
	inbox := conn.NewInbox()
	sub, err := conn.SubscribeSync(inbox)
	if err != nil {
		return Answers{}, unasked(err)
	}
	defer func() { _ = sub.Unsubscribe() }()
	if err := sub.SetPendingLimits(mostPending, mostPendingBytes); err != nil {
		return Answers{}, unasked(err)
	}
	g := newGathering(q)
	settle := func(subjects ...string) (forbidden int, err error) {
		bounded, cancel := context.WithTimeout(ctx, q.Timeout)
		defer cancel()
		if err := conn.Settle(bounded); err != nil {
			return 0, unasked(cmp.Or(ctx.Err(), err))
		}
		return g.forbid(conn.Denied()[before:], subjects...), nil
	}
	if forbidden, err := settle(inbox); err != nil || forbidden > 0 {
		return g.finish(sub, conn.Denied()), err
	}
	for _, subject := range g.answers.Subjects {
		if err := conn.PublishRequest(subject, inbox, nil); err != nil {
			return g.answers, unasked(err)
		}
	}
	forbidden, err := settle(g.answers.Subjects...)
	if err != nil {
		return g.answers, err
	}
	if g.asked = len(g.answers.Subjects) - forbidden; g.asked > 0 {
		err = g.gather(ctx, sub)
	}
	return g.finish(sub, conn.Denied()), err
}

func unasked(err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	return fault.New(fault.Unavailable, "the hosts could not be asked").Because(err).WithHint("latch nats check")
}
