package access_test

import (
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"

	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmbus/access"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// apart checks connections of which some do not reach the others: that is known only
// when the time is up, which here is as short as a busy machine allows.
func apart(t *testing.T, s *natstest.Server, all ...access.Connection) []access.Result {
	t.Helper()
	c := check(s)
	c.Wait = 2 * time.Second
	return c.Run(t.Context(), all).Results
}

// TestTwoAccounts: hosts whose users belong to another account than most are found,
// although every connection works; it does not matter which comes first.
func TestTwoAccounts(t *testing.T) {
	t.Parallel()
	operator := natstest.NewOperator(t)
	one, another := operator.Account(t, "one"), operator.Account(t, "another")
	server := natstest.Start(t, operator.Run(t), natstest.JetStream(t))
	with := setup(t, "rust-0.78")
	host := func(name string, of *natstest.Account) (all []access.Connection) {
		for _, p := range purposes(with) {
			all = append(all, connection(t, name, p, server, of.User(t, name, least(t, with, p.Role())), with))
		}
		return all
	}
	results := apart(t, server, append(append(host("web-1", another), host("web-2", one)...), host("web-3", one)...)...)
	for _, r := range results {
		if r.Hosts[0] == "web-1" {
			isFound(t, "the other account", r, finding.Error, access.RuleTopicSpace, "it logs in to the account "+another.Seed.PublicKey().String())
			continue
		}
		isWell(t, "the account of most", r)
		if r.Space != results[3].Space {
			t.Errorf("host %s, %s: %d", r.Hosts[0], r.Purpose, r.Space)
		}
	}
}

// TestControlApart: control commands of one host go to another account than its
// calls.
func TestControlApart(t *testing.T) {
	t.Parallel()
	operator := natstest.NewOperator(t)
	one, another := operator.Account(t, "one"), operator.Account(t, "another")
	server := natstest.Start(t, operator.Run(t), natstest.JetStream(t))
	results := apart(t, server,
		connection(t, "web-1", wasmcloud.RPC, server, one.User(t, "rpc")), connection(t, "web-1", wasmcloud.Control, server, another.User(t, "ctl")))
	isFound(t, "ctl", results[1], finding.Error, access.RuleTopicSpace, "no message comes over")
	isWell(t, "rpc", results[0], access.RuleExceeds)
}

// TestOneWay: an account that imports what another exports hears its calls, and
// cannot call it.
func TestOneWay(t *testing.T) {
	t.Parallel()
	const calls = "wasmbus.rpc.prod.>"
	operator := natstest.NewOperator(t)
	exporter := operator.Account(t, "exporter", func(c *jwt.AccountClaims) {
		c.Exports.Add(&jwt.Export{Name: "calls", Subject: calls, Type: jwt.Stream})
	})
	importer := operator.Account(t, "importer", func(c *jwt.AccountClaims) {
		c.Imports.Add(&jwt.Import{Name: "calls", Subject: calls, Account: exporter.Seed.PublicKey().String(), Type: jwt.Stream})
	})
	server := natstest.Start(t, operator.Run(t))
	results := apart(t, server, connection(t, "web-1", wasmcloud.RPC, server, exporter.User(t, "web-1")), connection(t, "web-2", wasmcloud.RPC, server, importer.User(t, "web-2")))
	isFound(t, "the importer", results[1], finding.Error, access.RuleTopicSpace, "it hears the others, but they do not hear it")
}

// TestServersApart: servers that are no cluster are two topic spaces, those of a
// cluster are one.
func TestServersApart(t *testing.T) {
	t.Parallel()
	one, another := natstest.Start(t, natstest.JetStream(t)), natstest.Start(t, natstest.JetStream(t))
	none := natsconn.Login{}
	results := apart(t, one,
		connection(t, "web-1", wasmcloud.RPC, one, none), connection(t, "web-1", wasmcloud.Control, one, none), connection(t, "web-2", wasmcloud.RPC, another, none))
	isFound(t, "another server", results[2], finding.Error, access.RuleTopicSpace, "host web-1: rpc")

	cluster := natstest.Cluster(t, 3)
	var all []access.Connection
	for i, host := range []string{"web-1", "web-2", "web-3"} {
		all = append(all, connection(t, host, wasmcloud.RPC, cluster[i], none), connection(t, host, wasmcloud.Control, cluster[(i+1)%3], none))
	}
	for _, r := range check(cluster[0]).Run(t.Context(), all).Results {
		isWell(t, "a cluster", r, access.RuleExceeds)
		if r.Space != 1 || len(r.Servers) == 0 {
			t.Errorf("host %s, %s: %+v", r.Hosts[0], r.Purpose, r)
		}
	}
}

// TestNobodySends: without a connection for calls that works, nobody knows whether
// the others are together.
func TestNobodySends(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t, natstest.JetStream(t))
	results := apart(t, server, connection(t, "web-1", wasmcloud.Control, server, natsconn.Login{}), connection(t, "web-2", wasmcloud.Control, server, natsconn.Login{}))
	isFound(t, "alone", results[0], finding.Warning, access.RuleNotTried, "is not known")
}

// TestStoresApart: hosts in two domains have streams of the same names that are not
// the same.
func TestStoresApart(t *testing.T) {
	t.Parallel()
	one, another := natstest.Start(t, natstest.JetStream(t)), natstest.Start(t, natstest.JetStream(t), natstest.Domain("leaf"))
	leaf := setup(t, "rust-0.82")
	leaf.JetStreamDomain = "leaf"
	for _, s := range []*natstest.Server{one, another} {
		js, err := s.Connect(t, natsconn.Login{}).JetStream()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := js.AddStream(stream("KV_LATTICEDATA_prod")); err != nil {
			t.Fatal(err)
		}
	}
	results := apart(t, one, connection(t, "web-1", wasmcloud.Control, one, natsconn.Login{}), connection(t, "web-2", wasmcloud.Control, another, natsconn.Login{}, leaf))
	isFound(t, "another domain", results[1], finding.Error, access.RuleJetStream, "is not that of host web-1")
}
