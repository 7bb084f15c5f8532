package bucket

import (
	"context"
	"sync"
	"time"

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
	}
	l.users++
	return l.conn, l.giveBack, nil
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
