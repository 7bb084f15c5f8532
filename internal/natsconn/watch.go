package natsconn

import (
	"context"
	"errors"
	"slices"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/fault"
)

// Watch is a subscription that only listens. It is for one goroutine.
type Watch struct {
	conn     *Conn
	subjects string
	before   int // denials on the connection when it began
	sub      *nats.Subscription
	dropped  int // when it ended
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
	w := &Watch{conn: c, subjects: subjects, before: len(c.Denied())}
	var err error
	w.sub, err = c.Subscribe(subjects, func(m *nats.Msg) { take(m.Subject, m.Data) })
	if err != nil {
		return nil, w.failed(err)
	}
	if err := w.begin(ctx); err != nil {
		w.Stop() // who is told of an error takes no messages
		return nil, err
	}
	return w, nil
}

// begin waits until the server has confirmed the subscription.
func (w *Watch) begin(ctx context.Context) error {
	err := w.sub.SetPendingLimits(mostWaiting, mostWaitingBytes)
	if err == nil {
		err = w.conn.Settle(ctx)
	}
	switch {
	case err == nil:
		return w.Err()
	case errors.Is(err, context.Canceled):
		return err
	}
	return w.failed(err)
}

func (w *Watch) failed(err error) error {
	return fault.New(fault.Unavailable, "failed to subscribe to %s", w.subjects).Because(err).WithHint("latch nats check")
}

// Err says that the server has taken the subscription away, nil while it has not. It
// does so where the user loses the right to it, be it while the connection was lost,
// and tells it nowhere else: nothing is heard from then on.
func (w *Watch) Err() error {
	if !slices.ContainsFunc(w.conn.Denied()[w.before:], func(d Denial) bool { return d.Action == Subscribe && d.Subject == w.subjects }) {
		return nil
	}
	return fault.New(fault.Unavailable, "the NATS server forbids this user to subscribe to %s", w.subjects).
		WithHint("connect as a user who may: --creds FILE, or --as HOST for a host's own")
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
