package isolation

import (
	"context"
	"fmt"
	"time"
)

// Kind is a way from one lattice into another.
type Kind string

// The ways. The values are stable: scripts match them in JSON output.
const (
	Publish   Kind = "publish"   // to a subject of the other
	Subscribe Kind = "subscribe" // to a subject of the other
	Stream    Kind = "stream"    // that keeps what is sent in the other
	Mirror    Kind = "mirror"    // of a stream of the other
	Republish Kind = "republish" // from a stream into the other
	Deliver   Kind = "deliver"   // what a consumer reads, to a subject of the other
	Answer    Kind = "answer"    // to a question that names a subject of the other
)

// kinds lists the ways, in the order in which they are tried.
func kinds() []Kind {
	return []Kind{Publish, Subscribe, Stream, Mirror, Republish, Deliver, Answer}
}

// Outcome is what came of trying a way.
type Outcome string

// The outcomes.
const (
	Closed  Outcome = "closed"
	Open    Outcome = "open"
	Untried Outcome = "not_tried" // for a reason
)

// Way is one way, tried.
type Way struct {
	Kind     Kind
	From, To string // lattices
	Outcome  Outcome
	Why      string

	waits bool // closed as far as can be seen: what was sent may still come
}

func (w Way) open(format string, args ...any) Way {
	w.Outcome, w.Why = Open, fmt.Sprintf(format, args...)
	return w
}

func (w Way) closed(format string, args ...any) Way {
	w.Outcome, w.Why = Closed, fmt.Sprintf(format, args...)
	return w
}

// notYet is a way by which something was sent that has not come.
func (w Way) notYet(format string, args ...any) Way {
	w = w.closed(format, args...)
	w.waits = true
	return w
}

func (w Way) untried(format string, args ...any) Way {
	w.Outcome, w.Why = Untried, fmt.Sprintf(format, args...)
	return w
}

// Try tries every way from each lattice into the other. token sets the subjects and
// streams of this run apart; wait is how long a message may take from one to the
// other, which is waited for where one was sent and does not come.
func Try(ctx context.Context, a, b Side, token string, wait time.Duration) ([]Way, error) {
	var all []Way
	for _, t := range []trial{{from: a, to: b, token: token + "-1", wait: wait}, {from: b, to: a, token: token + "-2", wait: wait}} {
		ways, err := t.run(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, ways...)
	}
	return all, nil
}

// Isolated reports whether no way is open, and every one was tried.
func Isolated(ways []Way) (isolated, all bool) {
	isolated, all = true, len(ways) > 0
	for _, w := range ways {
		isolated = isolated && w.Outcome != Open
		all = all && w.Outcome != Untried
	}
	return isolated, all
}
