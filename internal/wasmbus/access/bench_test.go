package access_test

import (
	"context"
	"fmt"
	"net"
	"sync/atomic"
	"testing"

	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmbus/access"
)

// many are the connections of hosts to one server, each as a user of its own.
func many(t testing.TB, hosts int) (*natstest.Server, []access.Connection) {
	t.Helper()
	operator := natstest.NewOperator(t)
	account := operator.Account(t, "prod")
	s := natstest.Start(t, operator.Run(t), natstest.JetStream(t))
	with := setup(t, "rust-0.82")
	var all []access.Connection
	for i := range hosts {
		host := fmt.Sprintf("web-%d", i)
		for _, p := range purposes(with) {
			all = append(all, connection(t, host, p, s, account.User(t, host, least(t, with, p.Role())), with))
		}
	}
	return s, all
}

// counted is a connection that is counted while it is open.
type counted struct {
	net.Conn

	open *atomic.Int64
	once atomic.Bool
}

// Close closes the connection, and counts it once.
func (c *counted) Close() error {
	if !c.once.Swap(true) {
		c.open.Add(-1)
	}
	return c.Conn.Close()
}

// TestManyUsers: many users are checked on no more connections than may be open at
// once, beside the one that the others are tried with, and all are closed.
func TestManyUsers(t *testing.T) {
	t.Parallel()
	s, all := many(t, 100)
	var open, most atomic.Int64
	c := check(s)
	dial := c.Dial
	c.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		for now, seen := open.Add(1), most.Load(); now > seen && !most.CompareAndSwap(seen, now); seen = most.Load() {
		}
		return &counted{Conn: conn, open: &open}, nil
	}
	for _, r := range c.Run(t.Context(), all).Results {
		isWell(t, "many", r)
		if r.Space != 1 {
			t.Errorf("host %s, %s is in no topic space", r.Hosts[0], r.Purpose)
		}
	}
	if most.Load() > int64(c.Parallel)+1 || open.Load() != 0 {
		t.Errorf("%d connections at once, %d left open, of %d at most", most.Load(), open.Load(), c.Parallel)
	}
}

// BenchmarkThousandUsers is what the check of a large lattice costs.
func BenchmarkThousandUsers(b *testing.B) {
	s, all := many(b, 500)
	c := check(s)
	c.Parallel = access.DefaultParallel
	for b.Loop() {
		for _, r := range c.Run(b.Context(), all).Results {
			if r.State() != access.OK || r.Space != 1 {
				b.Fatal(said(r))
			}
		}
	}
}
