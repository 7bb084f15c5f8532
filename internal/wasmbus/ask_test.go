package wasmbus_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmbus"
	"github.com/latch-keys/latch/internal/wasmbus/wasmbustest"
)

// patience is far more than anything here takes on a machine that is not stuck.
const patience = 30 * time.Second

// bus is a server with hosts on it, and a connection to ask them by.
type bus struct {
	server *natstest.Server
	conn   *natsconn.Conn
	fleet  *wasmbustest.Fleet
	hosts  *nats.Conn // the connection that hosts share
}

func newBus(t testing.TB, hosts ...wasmbustest.Host) bus {
	t.Helper()
	b := bus{server: natstest.Start(t), fleet: wasmbustest.NewFleet()}
	b.conn = b.server.Connect(t, natsconn.Login{})
	b.hosts = b.server.Connect(t, natsconn.Login{}).Conn
	t.Cleanup(b.fleet.Close)
	if err := b.fleet.Start(b.hosts, hosts...); err != nil {
		t.Fatal(err)
	}
	return b
}

// host is one that runs as latch's env file of generation 1 says.
func host(t testing.TB, name string, cluster keys.PublicKey, edits ...func(*wasmbustest.Host)) wasmbustest.Host {
	t.Helper()
	h := wasmbustest.Host{
		Name: name, Version: "0.82.0", Key: natstest.Key(t, keys.Server).PublicKey().String(), Lattice: "prod",
		Labels: map[string]string{"latch_host": name, "latch_generation": "1"}, Signs: cluster.String(), Accepts: cluster.String(),
	}
	for _, edit := range edits {
		edit(&h)
	}
	return h
}

func clusterKey(t testing.TB) keys.PublicKey {
	t.Helper()
	return natstest.Key(t, keys.Cluster).PublicKey()
}

// silence is how long an answer is waited for that does not come: a server on a busy
// machine has to take the question within that.
const silence = 3 * time.Second

// byLabel expects hosts by the labels that latch gives them.
func byLabel(timeout time.Duration, expected ...string) wasmbus.Question {
	return wasmbus.Question{
		Lattice: "prod", Expected: expected, Timeout: timeout, Quiet: 50 * time.Millisecond,
		NameOf: func(r wasmbus.Reply) string { return r.Labels["latch_host"] },
	}
}

func ask(t testing.TB, conn *natsconn.Conn, q wasmbus.Question) wasmbus.Answers {
	t.Helper()
	a, err := wasmbus.Ask(t.Context(), conn, q)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Every version is heard, on whichever of the two subjects, and the end comes with the
// last that is expected, not with the timeout.
func TestAskEveryVersion(t *testing.T) {
	t.Parallel()
	cluster := clusterKey(t)
	var hosts []wasmbustest.Host
	var names []string
	for _, version := range wasmbustest.Releases() {
		if version < "0.55" {
			continue // has no labels, and nothing expects it
		}
		names = append(names, "host-"+version)
		hosts = append(hosts, host(t, "host-"+version, cluster, func(h *wasmbustest.Host) { h.Version = version }))
	}
	b := newBus(t, hosts...)
	began := time.Now()
	a := ask(t, b.conn, byLabel(time.Hour, names...))
	if a.Outcome != wasmbus.Answered || len(a.Replies) != len(hosts) || time.Since(began) > patience {
		t.Errorf("%d of %d hosts answered in %s: %+v", len(a.Replies), len(hosts), time.Since(began), a)
	}
}

// A host that answers late is waited for; one that does not answer costs the timeout.
func TestAskLateAndSilent(t *testing.T) {
	t.Parallel()
	cluster := clusterKey(t)
	b := newBus(t, host(t, "a", cluster), host(t, "late", cluster, func(h *wasmbustest.Host) { h.Manner.Delay = 300 * time.Millisecond }),
		host(t, "silent", cluster, func(h *wasmbustest.Host) { h.Manner.Silent = true }))
	if a := ask(t, b.conn, byLabel(patience, "a", "late")); len(a.Replies) != 2 {
		t.Errorf("the late one is lost: %+v", a)
	}
	if a := ask(t, b.conn, byLabel(3*time.Second, "a", "late", "silent")); len(a.Replies) != 2 || a.Outcome != wasmbus.Answered {
		t.Errorf("%+v", a)
	}
}

// Whether nobody listens, or somebody who does not answer, is not the same.
func TestAskNobodyAndObserver(t *testing.T) {
	t.Parallel()
	b := newBus(t)
	if a := ask(t, b.conn, byLabel(patience, "a")); a.Outcome != wasmbus.Nobody {
		t.Errorf("nobody listens, and the outcome is %s", a.Outcome)
	}
	if _, err := b.hosts.SubscribeSync(">"); err != nil {
		t.Fatal(err)
	}
	if err := b.hosts.Flush(); err != nil {
		t.Fatal(err)
	}
	if a := ask(t, b.conn, byLabel(silence, "a")); a.Outcome != wasmbus.Silent {
		t.Errorf("an observer listens, and the outcome is %s", a.Outcome)
	}
}

// Somebody who claims that nobody listens hides no host.
func TestAskFalseNobody(t *testing.T) {
	t.Parallel()
	b := newBus(t, host(t, "a", clusterKey(t), func(h *wasmbustest.Host) { h.Manner.Delay = 20 * time.Millisecond }))
	_, err := b.hosts.Subscribe(">", func(m *nats.Msg) {
		if strings.HasPrefix(m.Subject, "wasmbus.ctl.") && m.Reply != "" {
			_ = b.hosts.PublishMsg(&nats.Msg{Subject: m.Reply, Header: nats.Header{"Status": {"503"}}})
		}
	})
	if err == nil {
		err = b.hosts.Flush()
	}
	if err != nil {
		t.Fatal(err)
	}
	q := byLabel(patience, "a")
	q.Quiet = time.Second
	if a := ask(t, b.conn, q); a.Outcome != wasmbus.Answered || len(a.Replies) != 1 {
		t.Errorf("%+v", a)
	}
}

// What is forbidden is said, whichever half of the question it is, and not waited for.
func TestAskForbidden(t *testing.T) {
	t.Parallel()
	cluster := clusterKey(t)
	for name, permissions := range map[string]*server.Permissions{
		"publishing to wasmbus.ctl.prod.ping.hosts": {Publish: &server.SubjectPermission{Deny: []string{"wasmbus.>"}}},
		"subscribing to _INBOX.":                    {Subscribe: &server.SubjectPermission{Deny: []string{"_INBOX.>"}}},
	} {
		user := natstest.Key(t, keys.User)
		s := natstest.Start(t, func(o *server.Options) {
			o.Nkeys = []*server.NkeyUser{{Nkey: user.PublicKey().String(), Permissions: permissions}}
		})
		fleet := wasmbustest.NewFleet()
		t.Cleanup(fleet.Close)
		began := time.Now()
		a := ask(t, s.Connect(t, natsconn.Login{Seed: user}), byLabel(time.Hour, "a"))
		if a.Outcome != wasmbus.MayNotAsk || len(a.Forbidden) == 0 || !strings.HasPrefix(a.Forbidden[0].String(), name) {
			t.Errorf("%s: %+v", name, a)
		}
		if time.Since(began) > patience {
			t.Errorf("%s: %s", name, time.Since(began))
		}
	}
	// One subject of the two is enough to hear the hosts that answer there.
	user := natstest.Key(t, keys.User)
	s := natstest.Start(t, func(o *server.Options) {
		o.Nkeys = []*server.NkeyUser{{Nkey: user.PublicKey().String(), Permissions: &server.Permissions{Publish: &server.SubjectPermission{Deny: []string{"wasmbus.ctl.v1.>"}}}}}
	})
	conn := s.Connect(t, natsconn.Login{Seed: user})
	fleet := wasmbustest.NewFleet()
	t.Cleanup(fleet.Close)
	if err := fleet.Start(conn.Conn, host(t, "a", cluster)); err != nil {
		t.Fatal(err)
	}
	if a := ask(t, conn, byLabel(patience, "a")); a.Outcome != wasmbus.Answered || len(a.Forbidden) != 1 {
		t.Errorf("%+v", a)
	}
	// Where the other is silent it cannot be said that nobody is there.
	fleet.Close()
	if a := ask(t, conn, byLabel(silence, "a")); a.Outcome != wasmbus.MayNotAsk {
		t.Errorf("%+v", a)
	}
}

// Whatever else is answered, good answers are heard, and the rest is counted.
func TestAskAmongHostile(t *testing.T) {
	t.Parallel()
	cluster := clusterKey(t)
	says := func(text string) func(*wasmbustest.Host) {
		return func(h *wasmbustest.Host) { h.Manner.Alter = func([]byte) []byte { return []byte(text) } }
	}
	imitated := host(t, "imitated", cluster)
	b := newBus(t, host(t, "good", cluster), imitated,
		host(t, "twice", cluster, func(h *wasmbustest.Host) { h.Manner.Times = 3 }),
		host(t, "empty", cluster, says("")), host(t, "text", cluster, says("hello")),
		host(t, "deep", cluster, says(strings.Repeat("[", 100_000))),
		host(t, "large", cluster, says(strings.Repeat("x", 1<<20))),
		host(t, "many", cluster, func(h *wasmbustest.Host) { h.Accepts = strings.Repeat(cluster.String()+",", 10_000) }),
		host(t, "imitator", clusterKey(t), func(h *wasmbustest.Host) { h.Key, h.Labels = imitated.Key, imitated.Labels }),
	)
	q := byLabel(patience, "good", "twice", "imitated")
	q.Quiet = 2 * time.Second // for the rest of them
	a := ask(t, b.conn, q)
	var heard []string
	for _, r := range a.Replies {
		heard = append(heard, r.Labels["latch_host"])
	}
	slices.Sort(heard)
	if !slices.Equal(heard, []string{"good", "twice"}) || a.Duplicates != 2 || a.Dropped != 0 {
		t.Errorf("heard %v, %d duplicates", heard, a.Duplicates)
	}
	if len(a.Conflicts) != 1 || a.Conflicts[0].Key.String() != imitated.Key || len(a.Conflicts[0].Replies) != 2 {
		t.Errorf("conflicts: %+v", a.Conflicts)
	}
	bad := 0
	for _, n := range a.Malformed {
		bad += n
	}
	if bad != 5 || a.Malformed["it is larger than any host's"] != 2 {
		t.Errorf("malformed: %v", a.Malformed)
	}
}

// A connection that is lost is said, and cost no more than the question's time.
func TestAskWithoutServer(t *testing.T) {
	t.Parallel()
	b := newBus(t, host(t, "a", clusterKey(t)))
	b.server.Stop()
	if _, err := wasmbus.Ask(t.Context(), b.conn, byLabel(time.Second, "a")); !fault.Is(err, fault.Unavailable) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := wasmbus.Ask(ctx, newBus(t).conn, byLabel(time.Hour, "a")); !fault.Is(err, fault.Interrupted) {
		t.Errorf("%v", err)
	}
}

// Thousands of hosts that answer at once are all counted, with as many bad answers
// among them as a sick lattice may give.
func TestAskMany(t *testing.T) {
	t.Parallel()
	const good = 5000
	b := newBus(t)
	names := crowd(t, b, good)
	q := byLabel(patience, names...)
	q.Quiet = 2 * time.Second // for what is said again, and the bad ones
	a := ask(t, b.conn, q)
	if len(a.Replies) != good || a.Dropped != 0 || a.Duplicates != good/100 || a.Malformed["it is no JSON document"] != good/100 {
		t.Errorf("%d of %d hosts, %d dropped, %d duplicates, %v", len(a.Replies), good, a.Dropped, a.Duplicates, a.Malformed)
	}
}

// crowd starts hosts on 50 connections; of each hundred one answers twice, and one
// more host answers what cannot be read.
func crowd(t testing.TB, b bus, good int) (names []string) {
	t.Helper()
	cluster := clusterKey(t)
	base := host(t, "", cluster)
	conns := make([]*nats.Conn, 50)
	for i := range conns {
		conns[i] = b.server.Connect(t, natsconn.Login{}).Conn
	}
	hosts := make([][]wasmbustest.Host, len(conns))
	for i := range good {
		h := base
		h.Name = fmt.Sprintf("host-%d", i)
		h.Key = serverKey(t, i)
		h.Labels = map[string]string{"latch_host": h.Name, "latch_generation": "1"}
		names = append(names, h.Name)
		if i%100 == 0 {
			h.Manner.Times = 2
			bad := h
			bad.Name += "-bad"
			bad.Manner = wasmbustest.Manner{Alter: func(text []byte) []byte { return text[:len(text)/2] }}
			hosts[i%len(conns)] = append(hosts[i%len(conns)], bad)
		}
		hosts[i%len(conns)] = append(hosts[i%len(conns)], h)
	}
	for i, nc := range conns {
		if err := b.fleet.Start(nc, hosts[i]...); err != nil {
			t.Fatal(err)
		}
	}
	return names
}

// serverKey is a host key of its own for each number.
func serverKey(t testing.TB, n int) string {
	t.Helper()
	seed, err := keys.Generate(keys.Server, bytes.NewReader(fmt.Appendf(nil, "%032d", n)))
	if err != nil {
		t.Fatal(err)
	}
	defer seed.Wipe()
	return seed.PublicKey().String()
}

// BenchmarkAskMany is the time to count 5,000 hosts, of which the slowest answers
// after the delay; memory is that of the asker, the server and the hosts together.
func BenchmarkAskMany(b *testing.B) {
	for _, delay := range []time.Duration{0, time.Second} {
		b.Run("slowest "+delay.String(), func(b *testing.B) {
			s := newBus(b)
			names := crowd(b, s, 5000)
			slowest := host(b, "slowest", clusterKey(b), func(h *wasmbustest.Host) { h.Manner.Delay = delay })
			if err := s.fleet.Start(s.hosts, slowest); err != nil {
				b.Fatal(err)
			}
			names = append(names, "slowest")
			b.ReportAllocs()
			b.ResetTimer()
			for range b.N {
				if a := ask(b, s.conn, byLabel(patience, names...)); len(a.Replies) != len(names) {
					b.Fatalf("%d of %d", len(a.Replies), len(names))
				}
			}
		})
	}
}
