package cmd_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// A generation rolls through hosts on three servers, of which the one that leads the
// bucket is killed on the way, and the host whose turn it is with its supervisor.
func TestARollOutOverACluster(t *testing.T) {
	t.Parallel()
	servers := natstest.Cluster(t, 3)
	r := newRolling(t, 6, 1, servers...)
	r.drain = 50 * time.Millisecond
	kills := r.start()
	r.next()
	first := ""
	for first == "" { // until one has its turn
		time.Sleep(time.Millisecond)
		r.mu.Lock()
		for name := range r.down {
			first = name
		}
		r.mu.Unlock()
	}
	kills[first]()
	for _, s := range servers {
		if s.JetStreamIsStreamLeader("$G", "KV_rollout") {
			s.Stop()
			break
		}
	}
	r.mu.Lock()
	delete(r.down, first) // from now on it is down by our hand
	r.mu.Unlock()
	kills[first] = r.supervise(first, r.connect())
	r.wait()
	if r.atMost != 1 {
		t.Errorf("%d hosts were down at the same time", r.atMost)
	}
}

// BenchmarkRollOut rolls a generation through hosts that are there again at once: what
// is left is what taking turns costs.
func BenchmarkRollOut(b *testing.B) {
	for _, c := range []struct{ hosts, most, servers int }{{20, 1, 1}, {200, 1, 1}, {200, 10, 1}, {200, 1, 3}} {
		b.Run(fmt.Sprintf("%d-hosts/%d-at-a-time/%d-servers", c.hosts, c.most, c.servers), func(b *testing.B) {
			servers := []*natstest.Server{natstest.Start(b, natstest.JetStream(b))}
			if c.servers > 1 {
				servers = natstest.Cluster(b, c.servers)
			}
			r := newRolling(b, c.hosts, c.most, servers...)
			r.every, r.lease = time.Second, 15*time.Second
			r.start()
			for b.Loop() {
				r.next()
				r.wait()
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N*c.hosts), "ms/host")
			b.ReportMetric(float64(r.atMost), "down")
		})
	}
}
