package wasmbustest

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"time"
)

// Host is one simulated host, as it runs.
type Host struct {
	Name    string // what it is started and stopped by
	Version string
	Key     string // its own public key
	Lattice string
	Topic   string // what begins its control subjects, "" for wasmbus.ctl
	Labels  map[string]string
	Nick    string // its friendly name
	Server  string // of NATS, HOST:PORT
	Uptime  time.Duration

	Signs   string // its cluster key, as it says it
	Accepts string // its issuers, as it says them

	Manner Manner
}

// Manner is how a host answers. The zero Manner answers at once, and well.
type Manner struct {
	Silent bool
	Delay  time.Duration
	Times  int                 // how often it gives the same answer; 0 for once
	Alter  func([]byte) []byte // what it answers instead
}

// Subject is where the host is asked.
func (h Host) Subject() string {
	topic := h.Topic
	if topic == "" {
		topic = "wasmbus.ctl"
	}
	if r, err := parseRelease(h.Version); err == nil && r.one {
		return topic + ".v1." + h.Lattice + ".host.ping"
	}
	return topic + "." + h.Lattice + ".ping.hosts"
}

// Reply is what the host answers, in the shape of its version.
func (h Host) Reply() []byte {
	r, err := parseRelease(h.Version)
	if err != nil {
		panic(err)
	}
	seconds := int(h.Uptime / time.Second)
	if !r.since(55, 0) {
		return encode(map[string]any{"id": h.Key, "uptime_seconds": seconds})
	}
	labels := map[string]string{"hostcore.arch": "x86_64", "hostcore.os": "linux", "hostcore.osfamily": "unix"}
	maps.Copy(labels, h.Labels)
	address := "nats://" + h.Server
	if r.isOTP() {
		address, _, _ = strings.Cut(h.Server, ":")
	}
	reply := map[string]any{
		"id": h.Key, "labels": labels, "friendly_name": h.Nick, "uptime_seconds": seconds, "uptime_human": human(seconds),
		"version": h.Version, "js_domain": nil, "ctl_host": address, "rpc_host": address,
	}
	accepts, signs := r.tells()
	if accepts {
		reply["cluster_issuers"] = h.Accepts
	}
	if signs {
		reply["issuer"] = h.Signs
	}
	if !r.since(81, 0) {
		reply["prov_rpc_host"] = address
	}
	if !r.one {
		reply["lattice_prefix"] = h.Lattice
	}
	if r.since(82, 0) {
		reply["lattice"] = h.Lattice
	}
	if r.one {
		return encode(map[string]any{"success": true, "message": "", "response": reply})
	}
	return encode(reply)
}

func encode(reply map[string]any) []byte {
	text, err := json.Marshal(reply)
	if err != nil {
		panic(err)
	}
	return text
}

// human is a time as Rust hosts write it.
func human(seconds int) string {
	if seconds < 60 {
		return fmt.Sprintf("%ds", seconds)
	}
	return fmt.Sprintf("%dm %ds", seconds/60, seconds%60)
}
