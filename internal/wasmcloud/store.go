package wasmcloud

import (
	"slices"
	"strings"
)

// Store is what hosts keep of a lattice in JetStream.
type Store struct {
	Stream string // its stream
	Bucket string // the key-value or object bucket that the stream is, "" for none
	Holds  string
}

// The buckets' streams: JetStream puts what kind they are before their names.
const (
	keyValue = "KV_"
	object   = "OBJ_"
)

// LongestStreamName begins the longest name of a stream that is made of a
// lattice's name.
const LongestStreamName = keyValue + latticeData

const (
	latticeData = "LATTICEDATA_"
	configData  = "CONFIGDATA_"
)

// Stores lists those of hosts of the target. Hosts take what is there as it is.
// Source: wasmcloud-otp v0.57.0 jetstream/client.ex, v0.63.2; wasmCloud v0.81.0
// crates/host/src/wasmbus/mod.rs.
func (t Target) Stores(lattice string) []Store {
	const cached = "claims and links"
	var all []Store
	if otp := since(0, 50, 0).until(0, 59, last); t.IsOTP() && otp.overlap(t.releases()) {
		all = append(all, Store{Stream: "LATTICECACHE_" + lattice, Holds: cached})
	}
	buckets := []struct {
		name, holds string
		otp, rust   spans
	}{
		{latticeData + lattice, cached, since(0, 60, 0), everyRust()},
		{configData + lattice, "configuration", nil, since(0, 81, 0)},
	}
	for _, b := range buckets {
		readers := Variable{otp: b.otp, rust: b.rust}
		if readers.ReadBy(t) {
			all = append(all, Store{Stream: keyValue + b.name, Bucket: b.name, Holds: b.holds})
		}
	}
	return append(all, Store{Stream: object + lattice, Bucket: lattice, Holds: "large payloads in transit"})
}

// IsObject reports whether the store is an object store, which hosts use only for
// payloads that are too large for a message.
func (s Store) IsObject() bool { return strings.HasPrefix(s.Stream, object) }

// AllStores lists those that hosts of any target keep of the lattice.
func AllStores(lattice string) []Store {
	var all []Store
	for _, t := range AllTargets() {
		for _, s := range t.Stores(lattice) {
			if !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	chunks := slices.IndexFunc(all, Store.IsObject)
	return append(slices.DeleteFunc(slices.Clone(all), Store.IsObject), all[chunks])
}
