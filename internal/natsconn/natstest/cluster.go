package natstest

import (
	"fmt"
	"net"
	"net/url"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// Cluster runs a cluster with JetStream until the test ends. It has a leader when
// it is given: a request for JetStream made before is never answered.
func Cluster(t testing.TB, size int, edits ...func(*server.Options)) []*Server {
	t.Helper()
	ports := freePorts(t, size)
	routes := make([]*url.URL, size)
	for i, port := range ports {
		routes[i] = &url.URL{Scheme: "nats", Host: fmt.Sprintf("127.0.0.1:%d", port)}
	}
	servers := make([]*Server, size)
	for i := range servers {
		o := &server.Options{ServerName: fmt.Sprintf("n%d", i+1), Routes: routes}
		JetStream(t)(o)
		o.Cluster.Name, o.Cluster.Host, o.Cluster.Port = "test", "127.0.0.1", ports[i]
		for _, edit := range edits {
			edit(o)
		}
		s, err := Run(o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Stop)
		servers[i] = s
	}
	waitForLeader(t, servers)
	return servers
}

// freePorts are ports that were free a moment ago, all different.
func freePorts(t testing.TB, count int) []int {
	t.Helper()
	ports := make([]int, count)
	for i := range ports {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = l.Close() }()
		ports[i] = l.Addr().(*net.TCPAddr).Port
	}
	return ports
}

func waitForLeader(t testing.TB, servers []*Server) {
	t.Helper()
	for begun := time.Now(); time.Since(begun) < patience; time.Sleep(5 * time.Millisecond) {
		for _, s := range servers {
			if s.JetStreamIsLeader() && len(s.JetStreamClusterPeers()) == len(servers) {
				return
			}
		}
	}
	t.Fatalf("the cluster has no leader after %s: %s", patience, servers[0].Log())
}
