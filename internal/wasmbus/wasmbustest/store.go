package wasmbustest

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// Store is how hosts of some versions make a stream of a lattice in JetStream, and
// what they put there once they run something. The lattice's name is %s in all of it.
type Store struct {
	Name    string // of the versions
	Stream  string
	Config  string
	Entries []Entry
	Holds   string // in words
}

// Entry is a message that hosts publish.
type Entry struct {
	Subject, Data string
	Header        nats.Header
}

// Stores are what hosts keep, the oldest first. The configurations are those of the
// hosts, word for word. Source: wasmcloud-otp
// v0.50.0 to v0.59.0 and v0.60.0 to v0.63.1 host_core/lib/host_core/jetstream/client.ex;
// wasmCloud v0.82.0 crates/host/src/wasmbus/mod.rs and crates/core/src/chunking.rs with
// async-nats 0.33 src/jetstream/context.rs and stream.rs.
func Stores() []Store {
	deleted := nats.Header{"KV-Operation": {"DEL"}}
	purged := nats.Header{"KV-Operation": {"PURGE"}, "Nats-Rollup": {"sub"}}
	return []Store{
		{
			"OTP 0.50 to 0.59", "LATTICECACHE_%s",
			`{"name":"LATTICECACHE_%[1]s","subjects":["lc.%[1]s.>"],"retention":"limits","max_consumers":-1,"max_msgs_per_subject":1,"max_msgs":-1,"max_bytes":-1,"max_age":0,"max_msg_size":-1,"storage":"memory","discard":"old","num_replicas":1,"duplicate_window":120000000000}`,
			[]Entry{{"lc.%s.claims.MCFM", `{"sub":"MCFM"}`, nil}, {"lc.%s.claims.VAG3", "{}", nil}, {"lc.%s.linkdefs.1f0e", `{"values":{"url":"redis://x"}}`, nil}, {"lc.%s.refmap.ghcr_io", "{}", nil}},
			"2 claims, 1 link, 1 image reference",
		},
		{
			"OTP 0.60 to 0.63", "KV_LATTICEDATA_%s",
			`{"name":"KV_LATTICEDATA_%[1]s","subjects":["$KV.LATTICEDATA_%[1]s.>"],"retention":"limits","max_consumers":-1,"max_msgs_per_subject":1,"max_msgs":-1,"max_bytes":-1,"allow_direct":true,"mirror_direct":false,"deny_delete":true,"sealed":false,"deny_purge":false,"allow_rollup_hdrs":true,"max_age":0,"max_msg_size":-1,"storage":"file","discard":"new","num_replicas":1,"duplicate_window":120000000000}`,
			[]Entry{{"$KV.LATTICEDATA_%s.CLAIMS_MCFM", "\x00\xff\n", nil}, {"$KV.LATTICEDATA_%s.LINKDEF_1F0E", "{}", nil}, {"$KV.LATTICEDATA_%s.LINKDEF_2A", "", deleted}, {"$KV.LATTICEDATA_%s.REFMAP_aGk", "{}", nil}},
			"1 claim, 2 links, 1 image reference",
		},
		{
			"Rust", "KV_LATTICEDATA_%s",
			`{"name":"KV_LATTICEDATA_%[1]s","max_bytes":0,"max_msgs":0,"max_msgs_per_subject":1,"discard":"new","subjects":["$KV.LATTICEDATA_%[1]s.>"],"retention":"limits","max_consumers":0,"max_age":0,"storage":"file","num_replicas":1,"description":"","allow_rollup_hdrs":true,"deny_delete":true,"allow_direct":true}`,
			[]Entry{{"$KV.LATTICEDATA_%s.CLAIMS_MCFM", "{}", nil}, {"$KV.LATTICEDATA_%s.COMPONENT_http", "{}", nil}, {"$KV.LATTICEDATA_%s.LINKDEF_1f", "", purged}},
			"1 claim, 1 link, 1 component",
		},
		{
			"Rust, configuration", "KV_CONFIGDATA_%s",
			`{"name":"KV_CONFIGDATA_%[1]s","max_bytes":0,"max_msgs":0,"max_msgs_per_subject":1,"discard":"new","subjects":["$KV.CONFIGDATA_%[1]s.>"],"retention":"limits","max_consumers":0,"max_age":0,"storage":"file","num_replicas":1,"description":"","allow_rollup_hdrs":true,"deny_delete":true,"allow_direct":true}`,
			[]Entry{{"$KV.CONFIGDATA_%s.redis", `{"url":"redis://x"}`, nil}},
			"1 configuration",
		},
		{
			"large payloads", "OBJ_%s",
			`{"name":"OBJ_%[1]s","max_bytes":0,"max_msgs":0,"max_msgs_per_subject":0,"discard":"new","subjects":["$O.%[1]s.C.>","$O.%[1]s.M.>"],"retention":"limits","max_consumers":0,"max_age":0,"storage":"file","num_replicas":0,"allow_rollup_hdrs":true,"allow_direct":true}`,
			[]Entry{{"$O.%s.C.n1", strings.Repeat("a", 128<<10), nil}, {"$O.%s.C.n1", "b", nil}, {"$O.%s.M.aGk=", "{}", nats.Header{"Nats-Rollup": {"sub"}}}},
			"1 payload, 2 chunks",
		},
	}
}

// Make makes the store as a host does, with more replicas where an administrator has
// set them. api begins the subjects of JetStream.
func (s Store) Make(nc *nats.Conn, api, lattice string, replicas int) error {
	config := fmt.Sprintf(s.Config, lattice)
	if replicas > 1 {
		config = regexp.MustCompile(`"num_replicas":\d`).ReplaceAllString(config, fmt.Sprintf(`"num_replicas":%d`, replicas))
	}
	if err := stored(nc, nats.NewMsg(api+".STREAM.CREATE."+fmt.Sprintf(s.Stream, lattice)), config); err != nil {
		return err
	}
	for _, e := range s.Entries {
		if err := e.Publish(nc, api, lattice); err != nil {
			return err
		}
	}
	return nil
}

// Publish stores the entry, with a domain by way of its subjects, as hosts do.
func (e Entry) Publish(nc *nats.Conn, api, lattice string) error {
	subject := fmt.Sprintf(e.Subject, lattice)
	if api != "$JS.API" && strings.HasPrefix(subject, "$KV.") {
		subject = api + "." + subject
	}
	return stored(nc, &nats.Msg{Subject: subject, Header: e.Header}, e.Data)
}

func stored(nc *nats.Conn, m *nats.Msg, data string) error {
	m.Data = []byte(data)
	answer, err := nc.RequestMsg(m, 10*time.Second)
	for tries := 0; errors.Is(err, nats.ErrNoResponders) && tries < 1000; tries++ { // a cluster may not know the stream everywhere yet
		time.Sleep(10 * time.Millisecond)
		answer, err = nc.RequestMsg(m, 10*time.Second)
	}
	if err == nil && strings.Contains(string(answer.Data), `"error"`) {
		err = fmt.Errorf("%s", answer.Data)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", m.Subject, err)
	}
	return nil
}

// Keep makes what a host of this version keeps of its lattice. A bucket that is there
// is taken as it is.
func (h Host) Keep(nc *nats.Conn) error {
	r, err := parseRelease(h.Version)
	if err != nil {
		return err
	}
	stores := Stores()
	var kept []Store
	switch {
	case !r.since(60, 0):
		kept = stores[:1]
	case r.isOTP():
		kept = stores[1:2]
	case !r.since(81, 0):
		kept = stores[2:3]
	default:
		kept = stores[2:4]
	}
	for _, s := range kept {
		if err := s.Make(nc, "$JS.API", h.Lattice, 1); err != nil && !strings.Contains(err.Error(), "already in use") {
			return err
		}
	}
	return nil
}
