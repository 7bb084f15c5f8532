package access_test

import (
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmbus/access"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// TestClusterServers: servers of the cluster that the manifest does not name are
// tried too, since hosts go there when theirs is down.
func TestClusterServers(t *testing.T) {
	t.Parallel()
	cluster := natstest.Cluster(t, 3, func(o *server.Options) {
		if o.ServerName == "n3" { // an address that nobody reaches
			o.ClientAdvertise = "127.0.0.1:1"
		}
	})
	r := check(cluster[0]).Run(t.Context(), []access.Connection{connection(t, "web-1", wasmcloud.RPC, cluster[0], natsconn.Login{})}).Results[0]
	isFound(t, "a server that cannot be reached", r, finding.Warning, access.RuleServer, "nats://127.0.0.1:1")
	isWell(t, "the others", r, access.RuleServer, access.RuleExceeds)
	if r.State() != access.OK || len(r.Servers) < 2 {
		t.Errorf("%v, %v", r.State(), r.Servers)
	}
}

// TestServerThatRefuses: that another server of the cluster lets the user in is not said
// of the one that the hosts are told of, nor the other way round.
func TestServerThatRefuses(t *testing.T) {
	t.Parallel()
	open, shut, login := natstest.Divided(t)
	told := func(s *natstest.Server) access.Result {
		return check(s).Run(t.Context(), []access.Connection{connection(t, "web-1", wasmcloud.RPC, s, login)}).Results[0]
	}
	isFound(t, "the hosts' own server", told(shut), finding.Error, access.RuleAuthenticate, shut.URL()+" lets nobody in")
	isFound(t, "another of its cluster", told(open), finding.Warning, access.RuleServer, shut.URL()+" lets nobody in")
}

// TestClocks: a server whose clock is far from this machine's is found, by what it
// says of itself or of a stream.
func TestClocks(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t, natstest.JetStream(t))
	for says, off := range map[string]time.Duration{"1h0m0s ahead of": -time.Hour, "1h0m0s behind": time.Hour, "": 0} {
		c := check(s)
		c.Now = func() time.Time { return time.Now().Add(off) }
		r := c.Run(t.Context(), []access.Connection{connection(t, "web-1", wasmcloud.RPC, s, natsconn.Login{})}).Results[0]
		if says == "" {
			isWell(t, "right", r, access.RuleExceeds)
		} else {
			isFound(t, says, r, finding.Warning, access.RuleClock, says)
		}
	}
}

// writes checks with a message that JetStream is to keep, and that nothing is left of
// it.
func writes(t *testing.T, s *natstest.Server, wait time.Duration, all ...access.Connection) []access.Result {
	t.Helper()
	c := check(s)
	c.Write, c.Wait = true, wait
	return c.Run(t.Context(), all).Results
}

func streams(t *testing.T, s *natstest.Server, login natsconn.Login) (names []string) {
	t.Helper()
	js, err := s.Connect(t, login).JetStream()
	if err != nil {
		t.Fatal(err)
	}
	for name := range js.StreamNames() {
		names = append(names, name)
	}
	return names
}

// replicated makes a stream, and waits until every copy is there.
func replicated(t *testing.T, s *natstest.Server, config *nats.StreamConfig) {
	t.Helper()
	js, err := s.Connect(t, natsconn.Login{}).JetStream()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := js.AddStream(config); err != nil {
		t.Fatal(err)
	}
	for begun := time.Now(); time.Since(begun) < 30*time.Second; time.Sleep(10 * time.Millisecond) {
		info, err := js.StreamInfo(config.Name)
		if err == nil && info.Cluster.Leader != "" && !slices.ContainsFunc(info.Cluster.Replicas, func(p *nats.PeerInfo) bool { return !p.Current }) {
			return
		}
	}
	t.Fatal("the copies of the stream do not come")
}

// TestWrites: JetStream keeps a message of our own and nothing is left of it, on one
// server and on three; one that only hosts' rights are given says that it may not.
func TestWrites(t *testing.T) {
	t.Parallel()
	one, three := natstest.Start(t, natstest.JetStream(t)), natstest.Cluster(t, 3)[0]
	config := stream("KV_LATTICEDATA_prod")
	config.Replicas = 3
	replicated(t, three, config)
	for name, s := range map[string]*natstest.Server{"one": one, "three": three} {
		r := writes(t, s, 20*time.Second, connection(t, "web-1", wasmcloud.Control, s, natsconn.Login{}))[0]
		isWell(t, name, r, access.RuleExceeds, access.RuleServer)
		for _, left := range streams(t, s, natsconn.Login{}) {
			if left != config.Name {
				t.Errorf("%s: %s is left", name, left)
			}
		}
	}
	operator := natstest.NewOperator(t)
	account := operator.Account(t, "prod")
	s := natstest.Start(t, operator.Run(t), natstest.JetStream(t))
	least := account.User(t, "web-1", least(t, setup(t, "rust-0.82"), wasmcloud.ControlUser))
	r := writes(t, s, 20*time.Second, connection(t, "web-1", wasmcloud.Control, s, least))[0]
	isFound(t, "the least", r, finding.Warning, access.RuleNotTried, "as it should not")
	if left := streams(t, s, account.User(t, "all")); len(left) > 0 {
		t.Errorf("the least: %v is left", left)
	}
}

// TestWritesWithoutQuorum: two of three servers are down. What was stored is read as
// before, but nothing can be written.
func TestWritesWithoutQuorum(t *testing.T) {
	t.Parallel()
	cluster := natstest.Cluster(t, 3)
	config := stream("KV_LATTICEDATA_prod")
	config.Replicas = 3
	replicated(t, cluster[0], config)
	cluster[1].Stop()
	cluster[2].Stop()
	r := writes(t, cluster[0], 2*time.Second, connection(t, "web-1", wasmcloud.Control, cluster[0], natsconn.Login{}))[0]
	if r.State() != access.Failed || r.First() != access.RuleJetStream {
		t.Errorf("%s: %s", r.State(), said(r))
	}
}
