package cache

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/natsconn"
)

// The bounds of what is under way at once, whatever a stream holds.
const (
	mostUnderWay      = 256      // requests
	mostBytesUnderWay = 16 << 20 // of the largest message so far, for each of them
)

// flight is requests under way, told apart by their numbers.
type flight struct {
	conn   *natsconn.Conn
	inbox  string
	sub    *nats.Subscription
	denied int // how many denials there were before
}

func newFlight(conn *natsconn.Conn) (*flight, error) {
	f := &flight{conn: conn, inbox: conn.NewInbox(), denied: len(conn.Denied())}
	var err error
	if f.sub, err = conn.SubscribeSync(f.inbox + ".*"); err != nil {
		return nil, err
	}
	return f, f.sub.SetPendingLimits(-1, -1) // no more comes than was asked for
}

func (f *flight) close() { _ = f.sub.Unsubscribe() }

// send sends a request with its number.
func (f *flight) send(number uint64, m *nats.Msg) error {
	m.Reply = f.inbox + "." + strconv.FormatUint(number, 10)
	return f.conn.PublishMsg(m)
}

// next waits for an answer, for one attempt: errUnanswered where none came, or
// where nobody was there to give it.
func (f *flight) next(ctx context.Context) (number uint64, data []byte, err error) {
	try, cancel := context.WithTimeout(ctx, attempt)
	defer cancel()
	m, err := f.sub.NextMsgWithContext(try)
	switch {
	case err != nil && ctx.Err() != nil:
		return 0, nil, context.Cause(ctx)
	case err != nil:
		return 0, nil, errors.Join(errUnanswered, err)
	}
	number, err = strconv.ParseUint(strings.TrimPrefix(m.Subject, f.inbox+"."), 10, 64)
	if err != nil {
		return 0, nil, fmt.Errorf("an answer to nothing that was asked: %w", err)
	}
	return number, m.Data, nil
}

// forbidden is the error where something of the flight was denied.
func (f *flight) forbidden(ctx context.Context) error {
	if err := f.conn.Settle(ctx); err != nil {
		return err
	}
	for _, d := range f.conn.Denied()[f.denied:] {
		return notAllowed(d)
	}
	return nil
}
