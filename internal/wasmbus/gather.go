package wasmbus

import (
	"context"
	"errors"
	"slices"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// gathering is the answers to a question while they come in.
type gathering struct {
	q       Question
	parser  *parser
	replies replies
	left    map[string]bool // expected hosts that have not answered
	asked   int             // subjects that we may ask on
	vacant  int             // of them, those where nobody listens
	kept    int             // bytes
	lost    int             // answers that there was no room for
	answers Answers
}

func newGathering(q Question) *gathering {
	g := &gathering{q: q, parser: newParser(), replies: replies{}, left: map[string]bool{}}
	for _, name := range q.Expected {
		g.left[name] = true
	}
	g.answers.Malformed = map[string]int{}
	for _, topic := range append(slices.Clone(q.Topics), "")[:max(1, len(q.Topics))] {
		g.answers.Subjects = append(g.answers.Subjects, wasmcloud.PingSubjects(q.Lattice, topic)...)
	}
	return g
}

// forbid notes what of the subjects was denied, and counts it.
func (g *gathering) forbid(denied []natsconn.Denial, subjects ...string) (count int) {
	for _, d := range denied {
		if slices.Contains(subjects, d.Subject) && !slices.Contains(g.answers.Forbidden, d) {
			g.answers.Forbidden = append(g.answers.Forbidden, d)
			count++
		}
	}
	return count
}

// gather reads answers until all that are expected are there and no more come, or
// the time is up.
func (g *gathering) gather(ctx context.Context, sub *nats.Subscription) error {
	whole, cancel := context.WithTimeout(ctx, g.q.Timeout)
	defer cancel()
	for {
		m, err := g.next(whole, sub)
		switch {
		case err == nil:
			g.take(m.Data)
		case errors.Is(err, nats.ErrNoResponders):
			g.vacant++
		case errors.Is(err, nats.ErrSlowConsumer): // Dropped counts them
		case errors.Is(err, context.DeadlineExceeded):
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		default:
			return unasked(err)
		}
	}
}

// next waits for one answer: for as long as the question says, or for the quiet gap
// where nobody else is expected.
func (g *gathering) next(whole context.Context, sub *nats.Subscription) (*nats.Msg, error) {
	if !g.complete() {
		return sub.NextMsgWithContext(whole)
	}
	gap, cancel := context.WithTimeout(whole, g.q.Quiet)
	defer cancel()
	return sub.NextMsgWithContext(gap)
}

// complete reports whether nobody is left to wait for. Somebody who lets on that
// nobody listens must not end it early, so that a gap is waited for even then.
func (g *gathering) complete() bool {
	return len(g.q.Expected) > 0 && len(g.left) == 0 || g.vacant >= g.asked && len(g.replies) == 0
}

// take reads one answer.
func (g *gathering) take(data []byte) {
	reply, err := g.parser.parse(data)
	switch {
	case err != nil:
		g.answers.Malformed[err.Error()]++
		return
	case g.kept+len(data) > mostKeptBytes:
		g.lost++
		return
	case !g.replies.add(reply):
		g.answers.Duplicates++
		return
	}
	g.kept += len(data)
	if g.q.NameOf != nil {
		delete(g.left, g.q.NameOf(reply))
	}
}

// finish says what came of the question. denied is all that was ever forbidden on
// the connection.
func (g *gathering) finish(sub *nats.Subscription, denied []natsconn.Denial) Answers {
	a := g.answers
	a.Replies, a.Conflicts = g.replies.split()
	dropped, _ := sub.Dropped() // of a subscription that has ended: none
	a.Dropped = g.lost + dropped
	if len(g.replies) == 0 {
		g.forbid(denied, a.Subjects...)
		a.Forbidden = g.answers.Forbidden
	}
	switch {
	case len(g.replies) > 0:
		a.Outcome = Answered
	case len(a.Forbidden) > 0 && len(a.Malformed) == 0:
		a.Outcome = MayNotAsk
	case g.vacant >= g.asked && len(a.Malformed) == 0:
		a.Outcome = Nobody
	default:
		a.Outcome = Silent
	}
	return a
}
