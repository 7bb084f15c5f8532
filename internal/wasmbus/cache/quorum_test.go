package cache_test

import (
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmbus/cache"
	"github.com/latch-keys/latch/internal/wasmbus/wasmbustest"
)

// TestNoQuorum: while too many servers of a cluster are gone a stream still gives
// what it holds, and nothing is purged. One may be gone.
func TestNoQuorum(t *testing.T) {
	t.Parallel()
	servers := natstest.Cluster(t, 3)
	p := place{conn: servers[0].Connect(t, natsconn.Login{}), replicas: 3}
	made(t, p, wasmbustest.Stores()[1], "prod")
	c := cache.Of(p.conn, "prod", "")
	servers[1].Stop()
	until(t, "a leader is left", func() bool { s, err := c.Look(t.Context()); return err == nil && s[1].Messages > 0 })
	saved := copied(t, c)
	purged(t, c)
	restored(t, c, saved)
	streams := full(t, c)
	if len(streams) != 1 || len(streams[0].Down) != 1 || streams[0].Down[0] != "n2" {
		t.Errorf("with one server gone: %+v", streams)
	}

	servers[2].Stop()
	err := c.Rehearse(t.Context(), streams)
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "did not answer") {
		t.Errorf("with two servers gone: %v", err)
	}
	servers[2].Restart(t)
	until(t, "there is a leader again", func() bool { _, err := c.Look(t.Context()); return err == nil })
	if left := full(t, c); len(left) != 1 || left[0].Messages != streams[0].Messages {
		t.Errorf("left are %+v", left)
	}
}
