package bucket

import (
	"context"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/natsconn"
)

// Dial connects to the servers of a bucket, and gives what ends the connection and
// the secrets that it needed.
type Dial func(ctx context.Context, at Address) (conn *natsconn.Conn, end func(), err error)

// idle is how long a connection is kept that nothing uses, unless told otherwise: a
// command reads one seed after another.
const idle = time.Second

// line is a connection that is made when it is needed, and ended when it no longer is.
type line struct {
	at   Address
	dial Dial
	idle time.Duration

	// heard is told when a message comes to the subject hears, as long as there is a
	// connection, and may be forbidden to hear it.
	hears string
	heard chan struct{}

	mu    sync.Mutex
	conn  *natsconn.Conn
	end   func()
	users int
	timer *time.Timer
}

// take gives the connection until it is given back.
func (l *line) take(ctx context.Context) (conn *natsconn.Conn, giveBack func(), err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.timer != nil {
		l.timer.Stop()
	}
	if l.conn != nil && l.conn.IsClosed() {
		l.hangUp()
	}
	if l.conn == nil {
		if l.conn, l.end, err = l.dial(ctx, l.at); err != nil {
			l.conn = nil
			return nil, nil, err
		}
		l.listen()
	}
	l.users++
	return l.conn, l.giveBack, nil
}

// listen has heard be told. What goes wrong with it is no matter: it is a hint.
func (l *line) listen() {
	if l.heard == nil {
		return
	}
	_, _ = l.conn.Subscribe(l.hears, func(*nats.Msg) {
		select {
		case l.heard <- struct{}{}:
		default: // told already
		}
	})
}

func (l *line) giveBack() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.users--; l.users == 0 {
		l.timer = time.AfterFunc(l.idle, l.endIdle)
	}
}

func (l *line) endIdle() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.users == 0 && l.conn != nil {
		l.hangUp()
	}
}

func (l *line) hangUp() {
	l.end()
	l.conn, l.end = nil, nil
}
