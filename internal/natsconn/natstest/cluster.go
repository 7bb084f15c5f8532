package natstest

import (
	"fmt"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
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
