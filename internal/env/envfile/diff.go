package envfile

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/safefile"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Change is how one variable of a host changes. It holds no secret: a seed
// appears as its public key.
type Change struct {
	Name     string
	Old, New string // "" where the variable is not set
}

// diffLimit bounds the file that a new one is compared with, in bytes.
const diffLimit = 4 << 20

// Diff compares the file at path with the data that is to replace it: nil where
// either is of a kind that Parse does not read.
func Diff(path string, data []byte) ([]Change, error) {
	next, err := Parse(path, data, Options{})
	if err != nil || len(next) != 1 {
		return nil, nil
	}
	defer Wipe(next)
	text, err := safefile.Read(path, safefile.Shared, diffLimit)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	defer clear(text)
	var old Host
	if err == nil {
		hosts, err := Parse(path, text, Options{})
		defer Wipe(hosts)
		if err != nil || len(hosts) != 1 {
			return nil, nil
		}
		old = hosts[0]
	}
	return changes(old, next[0]), nil
}

// changes lists what differs, in the order of the new file, what goes last.
func changes(old, next Host) []Change {
	var all []Change
	known := wasmcloud.NewRegistry()
	for _, name := range names(next, old) {
		before, was := old.Lookup(name)
		after, is := next.Lookup(name)
		change := Change{Name: name, Old: shown(before, was, known), New: shown(after, is, known)}
		if string(before.Value()) != string(after.Value()) || was != is {
			all = append(all, change)
		}
	}
	return all
}

func names(hosts ...Host) []string {
	var all []string
	for _, h := range hosts {
		for _, e := range h.Entries {
			if !slices.Contains(all, e.Name) {
				all = append(all, e.Name)
			}
		}
	}
	return all
}

// shown is a value for people: of a secret only what is public.
func shown(e Entry, set bool, known wasmcloud.Registry) string {
	if !set {
		return ""
	}
	seed, err := keys.ParseSeed(e.Value(), keys.AnyKind)
	defer seed.Wipe()
	switch {
	case err == nil:
		return seed.String()
	case isSensitive(e.Name, known) || keys.MayHoldSeed(e.Value()):
		return fmt.Sprintf("[%d bytes, not shown]", len(e.Value()))
	}
	return string(e.Value())
}

func isSensitive(name string, known wasmcloud.Registry) bool {
	v, ok := known.Lookup(name)
	return ok && v.Sensitivity != wasmcloud.Public
}
