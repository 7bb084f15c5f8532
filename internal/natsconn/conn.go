package natsconn

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

// Conn is a connection, and what the server forbade on it.
type Conn struct {
	*nats.Conn

	mu     sync.Mutex
	denied []Denial
	other  []error
	last   error         // that was noted
	noted  chan struct{} // closed, and made anew, when it changes
}

// ErrNoResponders is the answer to a question that nobody listens to.
var ErrNoResponders = nats.ErrNoResponders

// mostNoted bounds what is kept of a server's errors.
const mostNoted = 1000

// settleTimeout is how long a server may take to deal with what was asked of it.
const settleTimeout = 10 * time.Second

// note keeps what the library tells of only here.
func (c *Conn) note(_ *nats.Conn, _ *nats.Subscription, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	close(c.noted)
	c.last, c.noted = err, make(chan struct{})
	denial, denied := ParseDenial(err.Error())
	switch {
	case denied && len(c.denied) < mostNoted:
		c.denied = append(c.denied, denial)
	case !denied && len(c.other) < mostNoted:
		c.other = append(c.other, err)
	}
}

// Denied is what the server has forbidden so far, the oldest first. A denial
// comes after the call that it is about has returned: see Settle.
func (c *Conn) Denied() []Denial {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.denied)
}

// Errors are what else the server said of the connection, such as that messages
// were dropped because they were read too slowly.
func (c *Conn) Errors() []error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.other)
}

// Settle waits until the server has dealt with all that was asked of it, so that
// Denied tells what of it was forbidden. It gives the reason why it could not.
func (c *Conn) Settle(ctx context.Context) error {
	if err := ctx.Err(); err != nil { // else a server that answers at once may be the first
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, settleTimeout)
	defer cancel()
	err := c.FlushWithContext(ctx)
	last := c.LastError()
	if errors.Is(err, nats.ErrConnectionClosed) && last != nil {
		return last
	}
	if err == nil && errors.Is(last, nats.ErrPermissionViolation) {
		c.await(ctx)
	}
	return err
}

// await waits until the last error is noted that the library knows of: it sets it
// apart at once, and tells of it in its own time.
func (c *Conn) await(ctx context.Context) {
	for {
		last := c.LastError()
		c.mu.Lock()
		known, next := c.last == last, c.noted //nolint:errorlint // this very one
		c.mu.Unlock()
		if known {
			return
		}
		select {
		case <-next:
		case <-ctx.Done():
			return
		}
	}
}
