package natsconn

import (
	"context"
	"slices"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/fault"
)

// Watch is a subscription that only listens. It is for one goroutine.
type Watch struct {
	sub     *nats.Subscription
	dropped int // when it ended
}

// The limits of what waits to be taken.
const (
	mostWaiting      = 200_000
	mostWaitingBytes = 128 << 20
)

// Watch hands every message on the subjects to take, one after another, until it
// is stopped. Once it returns, the server has confirmed the subscription; where it
// forbids it, that is the error.
func (c *Conn) Watch(ctx context.Context, subjects string, take func(subject string, data []byte)) (*Watch, error) {
	before := len(c.Denied())
	sub, err := c.Subscribe(subjects, func(m *nats.Msg) { take(m.Subject, m.Data) })
	if err == nil {
		err = sub.SetPendingLimits(mostWaiting, mostWaitingBytes)
	}
	if err == nil {
		err = c.Settle(ctx)
	}
	if err != nil {
		if sub != nil {
			_ = sub.Unsubscribe() // who is told of an error takes no messages
		}
		return nil, fault.New(fault.Unavailable, "failed to subscribe to %s", subjects).Because(err).WithHint("latch nats check")
	}
	w := &Watch{sub: sub}
	if denied := c.Denied()[before:]; slices.ContainsFunc(denied, func(d Denial) bool { return d.Action == Subscribe && d.Subject == subjects }) {
		w.Stop()
		return nil, fault.New(fault.Unavailable, "the NATS server forbids this user to subscribe to %s", subjects).
			WithHint("connect as a user who may: --creds FILE, or --as HOST for a host's own")
	}
	return w, nil
}

// Dropped is how many messages came faster than they were taken, and were lost.
func (w *Watch) Dropped() int {
	if n, err := w.sub.Dropped(); err == nil {
		w.dropped = n
	}
	return w.dropped
}

// Stop ends the subscription.
func (w *Watch) Stop() {
	w.Dropped()
	_ = w.sub.Unsubscribe()
}
