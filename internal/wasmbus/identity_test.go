package wasmbus_test

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmbus"
)

// far is a connection over which everything takes its time to come.
type far struct{ net.Conn }

func (f far) Read(b []byte) (int, error) {
	n, err := f.Conn.Read(b)
	time.Sleep(200 * time.Millisecond)
	return n, err
}

// A server that is far away tells who asks to somebody who waits for it, and keeps
// nobody else waiting.
func TestWhoAsksFromAfar(t *testing.T) {
	t.Parallel()
	options := natstest.Start(t).Options(natsconn.Login{})
	dial := options.Dial
	options.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		return far{conn}, err
	}
	conn, err := natsconn.Connect(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	if who := wasmbus.WhoAsks(t.Context(), conn, time.Millisecond); who.Rights != nil || who.Server == "" {
		t.Errorf("in a millisecond: %+v", who)
	}
	if who := wasmbus.WhoAsks(t.Context(), conn, patience); who.Rights == nil || who.Account == "" {
		t.Errorf("in %s: %+v", patience, who)
	}
}
