package bucket_test

import (
	"bytes"
	"context"
	"net"
	"sync"
	"testing"

	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// wires are connections on which a test can let something be lost.
type wires struct {
	mu    sync.Mutex
	muted bool // what the server says is lost
	// said is asked about all that is sent: false loses it.
	said func(w *wires, data []byte) bool
}

func (w *wires) dial() natsconn.Dial {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := natstest.Dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &wire{Conn: conn, wires: w}, nil
	}
}

type wire struct {
	net.Conn
	wires *wires
}

func (c *wire) Write(data []byte) (int, error) {
	c.wires.mu.Lock()
	goes := c.wires.said == nil || c.wires.said(c.wires, data)
	c.wires.mu.Unlock()
	if !goes {
		return len(data), nil
	}
	return c.Conn.Write(data)
}

func (c *wire) Read(data []byte) (int, error) {
	for {
		n, err := c.Conn.Read(data)
		c.wires.mu.Lock()
		muted := c.wires.muted
		c.wires.mu.Unlock()
		if !muted || err != nil {
			return n, err
		}
	}
}

// once loses what is about a subject the first time, by act.
func once(subject string, act func(w *wires) (goes bool)) func(w *wires, data []byte) bool {
	done := false
	return func(w *wires, data []byte) bool {
		if !done && bytes.Contains(data, []byte("HPUB "+subject+" ")) {
			done = true
			return act(w)
		}
		if bytes.Contains(data, []byte("STREAM.MSG.GET")) {
			w.muted = false
		}
		return true
	}
}

// killedBefore is the same person and what their commands run in, who is killed when they
// are about to write to a subject.
func (p person) killedBefore(t *testing.T, subject string) (killed person, ctx context.Context) {
	t.Helper()
	ctx, kill := context.WithCancel(t.Context())
	t.Cleanup(kill)
	p.patience /= 6 // what was sent is looked for, in vain
	return p.through(&wires{said: func(_ *wires, data []byte) bool {
		if bytes.Contains(data, []byte("HPUB "+subject+" ")) {
			kill()
		}
		return ctx.Err() == nil
	}}), ctx
}
