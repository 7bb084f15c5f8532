package cache_test

import (
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmbus/wasmbustest"
)

// made makes a store of hosts, with what they put there.
func made(t testing.TB, p place, s wasmbustest.Store, lattice string) {
	t.Helper()
	if err := s.Make(p.conn.Conn, p.api(), lattice, max(1, p.replicas)); err != nil {
		t.Fatal(err)
	}
}

// request asks JetStream, which must not refuse.
func request(t testing.TB, conn *natsconn.Conn, subject, body string) []byte {
	t.Helper()
	answer, err := conn.Request(subject, []byte(body), 10*time.Second)
	if err != nil {
		t.Fatalf("%s: %v", subject, err)
	}
	var refused struct {
		Error json.RawMessage `json:"error"`
	}
	if err := json.Unmarshal(answer.Data, &refused); err != nil || refused.Error != nil {
		t.Fatalf("%s: %s %v", subject, answer.Data, err)
	}
	return answer.Data
}

// place is where a lattice's streams may be.
type place struct {
	name     string
	conn     *natsconn.Conn
	domain   string
	replicas int
}

func (p place) api() string {
	if p.domain == "" {
		return "$JS.API"
	}
	return "$JS." + p.domain + ".API"
}

// places are one server, one with a domain, a cluster, and a server that knows the
// domain only by way of another.
func places(t *testing.T) []place {
	t.Helper()
	hub, edge := domains(t)
	return []place{
		{"one server", start(t).Connect(t, natsconn.Login{}), "", 1},
		hub, edge,
		{"a cluster", natstest.Cluster(t, 3)[0].Connect(t, natsconn.Login{}), "", 3},
	}
}

// domains are a server with a domain, and another that is known to it as a leaf.
func domains(t *testing.T) (hub, edge place) {
	t.Helper()
	server := natstest.Config(t, fmt.Sprintf("server_name: hub\nlisten: 127.0.0.1:-1\njetstream {store_dir: %q, domain: hub}\nleafnodes {listen: 127.0.0.1:-1}\n", t.TempDir()))
	known, err := server.Varz(nil)
	if err != nil {
		t.Fatal(err)
	}
	leaf := natstest.Config(t, fmt.Sprintf("server_name: edge\nlisten: 127.0.0.1:-1\njetstream {store_dir: %q, domain: edge}\nleafnodes {remotes: [{url: %q}]}\n", t.TempDir(), fmt.Sprintf("nats-leaf://127.0.0.1:%d", known.LeafNode.Port)))
	until(t, "the leaf is connected", func() bool { return server.NumLeafNodes() == 1 && leaf.NumLeafNodes() == 1 })
	conn := server.Connect(t, natsconn.Login{})
	return place{"a domain", conn, "hub", 1}, place{"a domain behind another", conn, "edge", 1}
}

// until waits for something that is bound to happen.
func until(t testing.TB, what string, happened func() bool) {
	t.Helper()
	for range 3000 {
		if happened() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("it did not happen: %s", what)
}

// start runs a server that keeps streams.
func start(t testing.TB) *natstest.Server {
	t.Helper()
	return natstest.Start(t, natstest.JetStream(t))
}
