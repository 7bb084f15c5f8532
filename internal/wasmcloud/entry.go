package wasmcloud

import (
	"slices"
	"strconv"
	"strings"
)

// Entry is a kind of thing that hosts store.
type Entry string

// The kinds, by the word for several.
const (
	ClaimsEntry        Entry = "claims"
	LinkEntry          Entry = "links"
	ReferenceEntry     Entry = "image references"
	ComponentEntry     Entry = "components"
	ConfigurationEntry Entry = "configurations"
	PayloadEntry       Entry = "payloads"
	ChunkEntry         Entry = "chunks"
	OtherEntry         Entry = "others"
)

// Count says how many there are.
func (e Entry) Count(n uint64) string {
	word := string(e)
	if n == 1 {
		word = strings.TrimSuffix(word, "s")
	}
	return strconv.FormatUint(n, 10) + " " + word
}

// entries tells each kind by what stands in a subject, where the lattice stands for
// its name. Source: wasmcloud-otp v0.57.3 and v0.63.1 claims/manager.ex,
// linkdefs/manager.ex, refmaps/manager.ex; wasmCloud v0.82.0 and v1.0.0
// crates/host/src/wasmbus/mod.rs, crates/core/src/chunking.rs with async-nats 0.33.
func entries() []struct {
	in   string
	kind Entry
} {
	return []struct {
		in   string
		kind Entry
	}{
		{"lc.{lattice}.claims.", ClaimsEntry},
		{"lc.{lattice}.linkdefs.", LinkEntry},
		{"lc.{lattice}.refmap.", ReferenceEntry},
		{"$KV." + latticeData + "{lattice}.CLAIMS_", ClaimsEntry},
		{"$KV." + latticeData + "{lattice}.LINKDEF_", LinkEntry},
		{"$KV." + latticeData + "{lattice}.REFMAP_", ReferenceEntry},
		{"$KV." + latticeData + "{lattice}.COMPONENT_", ComponentEntry},
		{"$KV." + configData + "{lattice}.", ConfigurationEntry},
		{"$O.{lattice}.M.", PayloadEntry},
		{"$O.{lattice}.C.", ChunkEntry},
	}
}

// Entries lists the kinds, in the order in which they are told.
func Entries() []Entry {
	var all []Entry
	for _, e := range entries() {
		if !slices.Contains(all, e.kind) {
			all = append(all, e.kind)
		}
	}
	return append(all, OtherEntry)
}

// EntryOf is the kind of what is stored under a subject.
func EntryOf(lattice, subject string) Entry {
	for _, e := range entries() {
		if strings.HasPrefix(subject, strings.Replace(e.in, "{lattice}", lattice, 1)) {
			return e.kind
		}
	}
	return OtherEntry
}
