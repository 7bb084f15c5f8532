package cmd_test

import (
	"encoding/json"
	"net"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// lattice makes the manifest of one more lattice on the server, with users.
func (w *natsWorld) lattice(t *testing.T, s *natstest.Server, name, target string, issue ...string) {
	t.Helper()
	file := w.path(name + ".yaml")
	w.must(t, "lattice", "init", "-m", file, "--prefix", name, "--host", "web-1", "--target", target)
	_, port, err := net.SplitHostPort(strings.TrimPrefix(s.URL(), "nats://"))
	if err != nil {
		t.Fatal(err)
	}
	at := "{host: 127.0.0.1, port: " + port + "}"
	w.write(t, name+".yaml", []byte(w.read(t, name+".yaml")+"nats:\n  rpc: "+at+"\n  ctl: "+at+"\n"))
	w.must(t, append([]string{"nats", "users", "issue", "-m", file}, issue...)...)
}

// TestLatticesApart: with an account for each, no way leads from one lattice into
// another; in one account, permissions alone leave some open, and they are named.
func TestLatticesApart(t *testing.T) {
	t.Parallel()
	operator := natstest.NewOperator(t)
	server := natstest.Start(t, operator.Run(t), natstest.JetStream(t))
	w := newNATSWorld(t, operator, "rust-0.82")
	push := []string{"--account-per-lattice", "--operator", "ops", "--push", "--nats", server.URL(), "--creds", w.path("sys.creds")}
	w.lattice(t, server, "a", "rust-0.82", push...)
	w.lattice(t, server, "b", "rust-0.82", push...)
	w.lattice(t, server, "c", "rust-0.82", "--signer", "a-account", "--account-jwt", w.path("nats/a-account.jwt"))
	w.lattice(t, server, "d", "rust-1.3", push...)
	for _, pair := range [][2]string{{"a", "b"}, {"a", "d"}} {
		stdout, _ := w.must(t, "nats", "check", "--isolation", w.path(pair[0]+".yaml"), w.path(pair[1]+".yaml"))
		if !strings.Contains(stdout, pair[0]+" and "+pair[1]+" are isolated\n") || strings.Contains(stdout, " open ") {
			t.Errorf("%v: %s", pair, stdout)
		}
	}
	code, stdout, told := w.latch(t, "nats", "check", "--isolation", w.path("a.yaml"), w.path("c.yaml"), "-o", "json")
	var doc struct {
		OK   bool
		Ways []struct{ From, To, Way, Outcome string }
	}
	if err := json.Unmarshal([]byte(stdout), &doc); err != nil || code != 3 || doc.OK || len(doc.Ways) != 14 {
		t.Fatalf("exit %d, %v: %s%s", code, err, stdout, told)
	}
	open := map[string]int{}
	for _, way := range doc.Ways {
		if way.Outcome == "open" {
			open[way.Way]++
		}
	}
	if open["answer"] != 2 || open["stream"] != 2 || open["publish"] != 0 || open["subscribe"] != 0 || !strings.Contains(told, "give each an account of its own") {
		t.Errorf("open %v, told %s", open, told)
	}
	for says, args := range map[string][]string{
		"needs the manifests of two lattices":           {w.path("a.yaml")},
		"both manifests are of the lattice a":           {w.path("a.yaml"), w.path("a.yaml")},
		"there is no manifest at":                       {w.path("a.yaml"), w.path("none.yaml")},
		"no host of " + w.path("lattice.yaml") + " has": {w.path("a.yaml"), w.path("lattice.yaml")},
	} {
		if code, _, told := w.latch(t, append([]string{"nats", "check", "--isolation"}, args...)...); code == 0 || code == 3 || !strings.Contains(told, says) {
			t.Errorf("%v: exit %d, %s", args, code, told)
		}
	}
}
