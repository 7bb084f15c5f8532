package cachecmd

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/latch-keys/latch/internal/wasmbus/cache"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// placeDocument is where a cache is, as JSON output gives it.
type placeDocument struct {
	Lattice string `json:"lattice"`
	Domain  string `json:"js_domain,omitempty"`
}

func (p place) document() placeDocument { return placeDocument{p.lattice, p.domain} }

func (d placeDocument) String() string {
	if d.Domain == "" {
		return "lattice " + d.Lattice
	}
	return "lattice " + d.Lattice + ", JetStream domain " + d.Domain
}

// streamDocument is a stream as JSON output gives it.
type streamDocument struct {
	Stream   string            `json:"stream"`
	Exists   bool              `json:"exists"`
	Messages uint64            `json:"messages"`
	Bytes    uint64            `json:"bytes"`
	Storage  string            `json:"storage,omitempty"`
	Replicas int               `json:"replicas,omitempty"`
	Leader   string            `json:"leader,omitempty"`
	Offline  []string          `json:"offline,omitempty"`
	Holds    map[string]uint64 `json:"holds"`
	Hidden   bool              `json:"hidden,omitempty"`
}

func describe(s cache.Stream) streamDocument {
	d := streamDocument{
		Stream: s.Stream, Exists: s.Exists, Messages: s.Messages, Bytes: s.Bytes, Storage: s.Storage,
		Replicas: s.Replicas, Leader: s.Leader, Offline: s.Down, Holds: map[string]uint64{}, Hidden: s.Hidden != nil,
	}
	for _, c := range s.Holds {
		d.Holds[strings.ReplaceAll(string(c.Entry), " ", "_")] = c.N
	}
	return d
}

func describeAll(streams []cache.Stream) []streamDocument {
	docs := make([]streamDocument, len(streams))
	for i, s := range streams {
		docs[i] = describe(s)
	}
	return docs
}

// inWords says what a stream holds.
func inWords(s cache.Stream) string {
	switch {
	case s.Hidden != nil:
		return "hidden"
	case !s.Exists:
		return "not there"
	case s.Messages == 0:
		return "nothing"
	}
	var words []string
	for _, c := range s.Holds {
		words = append(words, c.Entry.Count(c.N))
	}
	return strings.Join(words, ", ")
}

// cells are a stream in a table.
func cells(s cache.Stream) []string {
	if !s.Exists {
		return []string{s.Stream, "-", "-", "-", "-", inWords(s)}
	}
	replicas := strconv.Itoa(s.Replicas)
	if len(s.Down) > 0 {
		replicas += fmt.Sprintf(", %d offline", len(s.Down))
	}
	return []string{s.Stream, strconv.FormatUint(s.Messages, 10), size(s.Bytes), s.Storage, replicas, inWords(s)}
}

func header() []string {
	return []string{"STREAM", "MESSAGES", "SIZE", "STORAGE", "REPLICAS", "HOLDS"}
}

// size is a number of bytes for people.
func size(bytes uint64) string {
	const step = 1024
	value, unit := float64(bytes), "B"
	for _, next := range []string{"KiB", "MiB", "GiB", "TiB"} {
		if value < step {
			break
		}
		value, unit = value/step, next
	}
	if unit == "B" {
		return fmt.Sprintf("%d B", bytes)
	}
	return fmt.Sprintf("%.1f %s", value, unit)
}

// streamNames are those of the streams of a lattice.
func streamNames(prefix string) []string {
	var names []string
	for _, s := range wasmcloud.AllStores(prefix) {
		names = append(names, s.Stream)
	}
	return names
}
