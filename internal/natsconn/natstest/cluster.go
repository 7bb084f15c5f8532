package natstest

import (
	"fmt"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/latch-keys/latch/internal/natsconn"
)

// Cluster runs a cluster with JetStream until the test ends. It has a leader when
// it is given: a request for JetStream made before is never answered.
func Cluster(t testing.TB, size int, edits ...func(*server.Options)) []*Server {
	t.Helper()
	servers, err := RunCluster(t.TempDir(), size, edits...)
	for _, s := range servers {
		t.Cleanup(s.Stop)
	}
	if err != nil {
		t.Fatal(err)
	}
	return servers
}

// RunCluster runs one until its servers are stopped. They store in a folder. With an
// error it gives those that have started.
func RunCluster(folder string, size int, edits ...func(*server.Options)) ([]*Server, error) {
	ports, routes := make([]int, size), make([]*url.URL, size)
	for i := range size {
		port, err := ownPort()
		if err != nil {
			return nil, err
		}
		ports[i], routes[i] = port, &url.URL{Scheme: "nats", Host: fmt.Sprintf("127.0.0.1:%d", port)}
	}
	var servers []*Server
	for i := range size {
		name := fmt.Sprintf("n%d", i+1)
		o := &server.Options{ServerName: name, Routes: routes, JetStream: true, StoreDir: filepath.Join(folder, name)}
		o.Cluster.Name, o.Cluster.Host, o.Cluster.Port = "test", "127.0.0.1", ports[i]
		for _, edit := range edits {
			edit(o)
		}
		s, err := Run(o)
		if err != nil {
			return servers, err
		}
		servers = append(servers, s)
	}
	return servers, waitForLeader(servers)
}

// Divided runs a cluster of two, each of which tells of the other: one that lets the login
// in, and one that refuses it.
func Divided(t testing.TB) (open, shut *Server, login natsconn.Login) {
	t.Helper()
	both := Cluster(t, 2, func(o *server.Options) {
		o.Username, o.Password = o.ServerName, "x"
	})
	for i, own := range both { // from each, a client finds the other
		other := both[1-i]
		theirs := natsconn.Login{Name: fmt.Sprintf("n%d", 2-i), Password: "x"}
		for begun := time.Now(); ; time.Sleep(5 * time.Millisecond) {
			conn, err := natsconn.Connect(t.Context(), own.Options(theirs))
			if err == nil && conn.ConnectedUrl() == other.URL() {
				conn.Close()
				break
			}
			if time.Since(begun) > patience {
				t.Fatalf("the server %s does not tell of the other: %v", own.URL(), err)
			}
		}
	}
	return both[0], both[1], natsconn.Login{Name: "n1", Password: "x"}
}

func waitForLeader(servers []*Server) error {
	for begun := time.Now(); time.Since(begun) < patience; time.Sleep(5 * time.Millisecond) {
		for _, s := range servers {
			if s.JetStreamIsLeader() && len(s.JetStreamClusterPeers()) == len(servers) {
				return nil
			}
		}
	}
	return fmt.Errorf("the cluster has no leader after %s: %s", patience, servers[0].Log())
}
