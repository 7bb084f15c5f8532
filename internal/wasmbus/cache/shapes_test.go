package cache_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// shape is how hosts of some versions make a stream, and what they put there.
type shape struct {
	name   string
	stream string // with the lattice as %s, as all below
	config string
	stored []entry
	holds  string // in words
}

// entry is a message that hosts publish, with the lattice in its subject as %s.
type entry struct {
	subject, data string
	header        nats.Header
}

// The configurations are those of the hosts, word for word. Source: wasmcloud-otp
// v0.50.0 to v0.59.0 and v0.60.0 to v0.63.1 host_core/lib/host_core/jetstream/client.ex;
// wasmCloud v0.82.0 crates/host/src/wasmbus/mod.rs and crates/core/src/chunking.rs with
// async-nats 0.33 src/jetstream/context.rs and stream.rs.
func shapes() []shape {
	deleted := nats.Header{"KV-Operation": {"DEL"}}
	purged := nats.Header{"KV-Operation": {"PURGE"}, "Nats-Rollup": {"sub"}}
	return []shape{
		{
			"OTP 0.50 to 0.59", "LATTICECACHE_%s",
			`{"name":"LATTICECACHE_%[1]s","subjects":["lc.%[1]s.>"],"retention":"limits","max_consumers":-1,"max_msgs_per_subject":1,"max_msgs":-1,"max_bytes":-1,"max_age":0,"max_msg_size":-1,"storage":"memory","discard":"old","num_replicas":1,"duplicate_window":120000000000}`,
			[]entry{{"lc.%s.claims.MCFM", `{"sub":"MCFM"}`, nil}, {"lc.%s.claims.VAG3", "{}", nil}, {"lc.%s.linkdefs.1f0e", `{"values":{"url":"redis://x"}}`, nil}, {"lc.%s.refmap.ghcr_io", "{}", nil}},
			"2 claims, 1 link, 1 image reference",
		},
		{
			"OTP 0.60 to 0.63", "KV_LATTICEDATA_%s",
			`{"name":"KV_LATTICEDATA_%[1]s","subjects":["$KV.LATTICEDATA_%[1]s.>"],"retention":"limits","max_consumers":-1,"max_msgs_per_subject":1,"max_msgs":-1,"max_bytes":-1,"allow_direct":true,"mirror_direct":false,"deny_delete":true,"sealed":false,"deny_purge":false,"allow_rollup_hdrs":true,"max_age":0,"max_msg_size":-1,"storage":"file","discard":"new","num_replicas":1,"duplicate_window":120000000000}`,
			[]entry{{"$KV.LATTICEDATA_%s.CLAIMS_MCFM", "\x00\xff\n", nil}, {"$KV.LATTICEDATA_%s.LINKDEF_1F0E", "{}", nil}, {"$KV.LATTICEDATA_%s.LINKDEF_2A", "", deleted}, {"$KV.LATTICEDATA_%s.REFMAP_aGk", "{}", nil}},
			"1 claim, 2 links, 1 image reference",
		},
		{
			"Rust", "KV_LATTICEDATA_%s",
			`{"name":"KV_LATTICEDATA_%[1]s","max_bytes":0,"max_msgs":0,"max_msgs_per_subject":1,"discard":"new","subjects":["$KV.LATTICEDATA_%[1]s.>"],"retention":"limits","max_consumers":0,"max_age":0,"storage":"file","num_replicas":1,"description":"","allow_rollup_hdrs":true,"deny_delete":true,"allow_direct":true}`,
			[]entry{{"$KV.LATTICEDATA_%s.CLAIMS_MCFM", "{}", nil}, {"$KV.LATTICEDATA_%s.COMPONENT_http", "{}", nil}, {"$KV.LATTICEDATA_%s.LINKDEF_1f", "", purged}},
			"1 claim, 1 link, 1 component",
		},
		{
			"Rust, configuration", "KV_CONFIGDATA_%s",
			`{"name":"KV_CONFIGDATA_%[1]s","max_bytes":0,"max_msgs":0,"max_msgs_per_subject":1,"discard":"new","subjects":["$KV.CONFIGDATA_%[1]s.>"],"retention":"limits","max_consumers":0,"max_age":0,"storage":"file","num_replicas":1,"description":"","allow_rollup_hdrs":true,"deny_delete":true,"allow_direct":true}`,
			[]entry{{"$KV.CONFIGDATA_%s.redis", `{"url":"redis://x"}`, nil}},
			"1 configuration",
		},
		{
			"large payloads", "OBJ_%s",
			`{"name":"OBJ_%[1]s","max_bytes":0,"max_msgs":0,"max_msgs_per_subject":0,"discard":"new","subjects":["$O.%[1]s.C.>","$O.%[1]s.M.>"],"retention":"limits","max_consumers":0,"max_age":0,"storage":"file","num_replicas":0,"allow_rollup_hdrs":true,"allow_direct":true}`,
			[]entry{{"$O.%s.C.n1", strings.Repeat("a", 128<<10), nil}, {"$O.%s.C.n1", "b", nil}, {"$O.%s.M.aGk=", "{}", nats.Header{"Nats-Rollup": {"sub"}}}},
			"1 payload, 2 chunks",
		},
	}
}

// make makes the stream as a host does, with more replicas where an administrator
// has set them.
func (s shape) make(t testing.TB, conn *natsconn.Conn, api, lattice string, replicas int) {
	t.Helper()
	config := fmt.Sprintf(s.config, lattice)
	if replicas > 1 {
		config = regexp.MustCompile(`"num_replicas":\d`).ReplaceAllString(config, fmt.Sprintf(`"num_replicas":%d`, replicas))
	}
	request(t, conn, api+".STREAM.CREATE."+fmt.Sprintf(s.stream, lattice), config)
	for _, e := range s.stored {
		e.publish(t, conn, api, lattice)
	}
}

func (e entry) publish(t testing.TB, conn *natsconn.Conn, api, lattice string) {
	t.Helper()
	subject := fmt.Sprintf(e.subject, lattice)
	if api != "$JS.API" && strings.HasPrefix(subject, "$KV.") {
		subject = api + "." + subject
	}
	answer, err := conn.RequestMsg(&nats.Msg{Subject: subject, Header: e.header, Data: []byte(e.data)}, 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(answer.Data), `"error"`) {
		t.Fatalf("%s: %s", subject, answer.Data)
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
	login := natsconn.Login{}
	hub := natstest.Config(t, fmt.Sprintf("server_name: hub\nlisten: 127.0.0.1:-1\njetstream {store_dir: %q, domain: hub}\nleafnodes {listen: 127.0.0.1:-1}\n", t.TempDir()))
	known, err := hub.Varz(nil)
	if err != nil {
		t.Fatal(err)
	}
	edge := natstest.Config(t, fmt.Sprintf("server_name: edge\nlisten: 127.0.0.1:-1\njetstream {store_dir: %q, domain: edge}\nleafnodes {remotes: [{url: %q}]}\n", t.TempDir(), fmt.Sprintf("nats-leaf://127.0.0.1:%d", known.LeafNode.Port)))
	until(t, "the leaf is connected", func() bool { return hub.NumLeafNodes() == 1 && edge.NumLeafNodes() == 1 })
	return []place{
		{"one server", natstest.Start(t, natstest.JetStream(t)).Connect(t, login), "", 1},
		{"a domain", hub.Connect(t, login), "hub", 1},
		{"a domain behind another", hub.Connect(t, login), "edge", 1},
		{"a cluster", natstest.Cluster(t, 3)[0].Connect(t, login), "", 3},
	}
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
