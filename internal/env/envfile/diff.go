package envfile

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
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
	known := wasmcloud.NewRegistry()
	var all []Change
	was, is := old.Final(), next.Final()
	for _, name := range names(next, old) {
		before, had := was[name]
		after, has := is[name]
		if bytes.Equal(before.Value(), after.Value()) && had == has {
			continue
		}
		all = append(all, Change{Name: hostenv.SafeName(name), Old: shown(before, had, known), New: shown(after, has, known)})
	}
	return all
}

// names are those of the variables, each once, in the order of the files.
func names(hosts ...Host) []string {
	var all []string
	seen := map[string]bool{}
	for _, h := range hosts {
		for _, e := range h.Entries {
			if !seen[e.Name] {
				seen[e.Name] = true
				all = append(all, e.Name)
			}
		}
	}
	return all
}

// shown is a value for people: of a seed its public key, and a text only where
// the variable is known to be no secret.
func shown(e Entry, set bool, known wasmcloud.Registry) string {
	if !set {
		return ""
	}
	seed, err := keys.ParseSeed(e.Value(), keys.AnyKind)
	defer seed.Wipe()
	switch {
	case err == nil:
		return seed.String()
	case !isPublic(e.Name, known) || keys.MayHoldSeed(e.Value()) || bytes.IndexByte(e.Value(), '@') >= 0:
		return fmt.Sprintf("[%d bytes, not shown]", len(e.Value()))
	}
	return string(e.Value())
}

// isPublic reports whether everybody may see the variable: hosts read it and keep
// it no secret, or it is a label that latch itself gives.
func isPublic(name string, known wasmcloud.Registry) bool {
	if hostenv.IsLabel(name) {
		return strings.HasSuffix(name, "_"+wasmcloud.HostLabel) || strings.HasSuffix(name, "_"+wasmcloud.GenerationLabel)
	}
	v, ok := known.Lookup(name)
	return ok && v.Sensitivity == wasmcloud.Public
}
