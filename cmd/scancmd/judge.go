package scancmd

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/printable"
	"github.com/latch-keys/latch/internal/rotation"
	"github.com/latch-keys/latch/internal/scan"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// leakDocument is a leak as JSON output gives it.
type leakDocument struct {
	PublicKey keys.PublicKey `json:"public_key"`
	Kind      string         `json:"kind"`
	Sound     bool           `json:"sound"`
	Issuer    string         `json:"issuer_name,omitempty"` // in the manifest
	Hosts     []string       `json:"hosts,omitempty"`       // that accept it or connect with it
	Name      string         `json:"name,omitempty"`        // in the keystore
	Running   []string       `json:"running_hosts,omitempty"`
	Published string         `json:"published,omitempty"` // where it stands in public
	Accepted  *scan.Accepted `json:"accepted,omitempty"`
	Count     int            `json:"count"`
	Places    []scan.Place   `json:"places"`
	Hint      string         `json:"hint,omitempty"`

	unknown string // what is said of it where nobody knows it
}

// excused reports whether the leak makes nothing fail.
func (l leakDocument) excused() bool { return l.Published != "" || l.Accepted != nil }

// document is the whole answer.
type document struct {
	OK       bool             `json:"ok"`
	Leaks    []leakDocument   `json:"leaks"`
	Unused   []keys.PublicKey `json:"unused"` // accepted, and not found
	Coverage scan.Coverage    `json:"coverage"`
}

// judge says of each leak whose it is and what to do.
func (a verbs) judge(ctx context.Context, s *scan.Scanner, accepted map[keys.PublicKey]scan.Accepted, o options) document {
	d := document{OK: true, Leaks: []leakDocument{}, Unused: []keys.PublicKey{}, Coverage: s.Coverage()}
	owners := a.owners(ctx, len(s.Leaks()) > 0)
	if o.live && len(s.Leaks()) > 0 {
		owners.running = a.running(ctx, o, owners.manifest)
	}
	for _, found := range s.Leaks() {
		leak := leakDocument{PublicKey: found.Key, Kind: found.Key.Kind().String(), Sound: found.Sound, Count: found.Count, Places: found.Places}
		if row, known := wasmcloud.Published(found.Key); known {
			leak.Published = row.Repository
		}
		if entry, is := accepted[found.Key]; is {
			leak.Accepted = &entry
		}
		owners.name(&leak)
		leak.Hint = leak.next(rotation.Guide{Flags: a.FlagsInUse()})
		d.OK = d.OK && leak.excused()
		d.Leaks = append(d.Leaks, leak)
	}
	d.Unused = unused(accepted, s.Leaks())
	return d
}

// unused are the accepted leaks that were not found, in the order of their keys.
func unused(accepted map[keys.PublicKey]scan.Accepted, found []scan.Leak) []keys.PublicKey {
	left := map[keys.PublicKey]bool{}
	for key := range accepted {
		left[key] = true
	}
	for _, leak := range found {
		delete(left, leak.Key)
	}
	sorted := slices.Collect(maps.Keys(left))
	slices.SortFunc(sorted, func(x, y keys.PublicKey) int { return cmp.Compare(x.String(), y.String()) })
	return append([]keys.PublicKey{}, sorted...)
}

// owners knows whose a key is.
type owners struct {
	manifest *lattice.Document
	names    map[keys.PublicKey]string   // in the keystore
	listed   bool                        // the keystore: its names are all there are
	running  map[keys.PublicKey][]string // hosts that sign with a key or accept it
}

// owners looks at the manifest and the keystore, if they can be read without asking
// for anything. Neither is needed.
func (a verbs) owners(ctx context.Context, needed bool) owners {
	o := owners{names: map[keys.PublicKey]string{}}
	if !needed {
		return o
	}
	if document, err := a.Manifest(); err == nil {
		o.manifest = document
	}
	uri, origin, err := a.KeystoreURI()
	if err != nil {
		return o
	}
	store, err := a.OpenUnasked(uri, origin)
	if err != nil {
		return o
	}
	entries, err := store.List(ctx)
	o.listed = err == nil || errors.Is(err, fs.ErrNotExist) // one that is not there has no key
	for _, e := range entries {
		o.names[e.PublicKey] = e.Name
	}
	return o
}

// unknown says of a key that nobody knows who was asked.
func (o owners) unknown() string {
	switch {
	case o.manifest != nil && o.listed:
		return "known neither to the manifest nor to the keystore"
	case o.manifest != nil:
		return "not known to the manifest; the keystore could not be asked"
	case o.listed:
		return "not known to the keystore; there is no manifest that could be asked"
	}
	return "neither a manifest nor a keystore could be asked whose it is"
}

// name says whose a leak is.
func (o owners) name(leak *leakDocument) {
	leak.Name, leak.Running, leak.unknown = o.names[leak.PublicKey], o.running[leak.PublicKey], o.unknown()
	if o.manifest == nil {
		return
	}
	m := o.manifest.Manifest()
	for _, issuer := range m.Issuers {
		if issuer.PublicKey == leak.PublicKey {
			leak.Issuer = issuer.Name
			for _, h := range m.Hosts {
				leak.Hosts = append(leak.Hosts, h.Name)
			}
		}
	}
}

// next is what to do about a leak. The guide knows the flags in use.
func (l leakDocument) next(g rotation.Guide) string {
	switch {
	case l.excused():
		return ""
	case l.Issuer != "":
		return g.Command("latch issuers rotate emergency --compromised " + app.Word(l.Issuer))
	case len(l.Running) > 0:
		return "latch env write, then restart " + printable.Fold(l.Running, mostShown) + ": the manifest has the key no more"
	case l.PublicKey.Kind() == keys.Cluster:
		return "find the lattice that accepts it (latch keys validate " + l.PublicKey.String() + ") and rotate it there"
	case l.PublicKey.Kind() == keys.User:
		return "revoke the user in its account, and give it a new key"
	}
	return "replace the key wherever it is trusted"
}

// whose says whose it is, for people.
func (l leakDocument) whose() string {
	var words []string
	if l.Issuer != "" {
		words = append(words, fmt.Sprintf("issuer %s, accepted by %d host%s", l.Issuer, len(l.Hosts), app.Plural(len(l.Hosts))))
	}
	if l.Name != "" {
		words = append(words, "in the keystore as "+l.Name)
	}
	if n := len(l.Running); n > 0 {
		words = append(words, fmt.Sprintf("known to %d running host%s: %s", n, app.Plural(n), printable.Fold(l.Running, mostShown)))
	}
	if l.Published != "" {
		words = append(words, "published in "+l.Published)
	}
	if len(words) == 0 {
		return l.unknown
	}
	return strings.Join(words, "; ")
}

// shown is a place as people read it.
func shown(at scan.Place) string {
	text := filepath.ToSlash(at.File)
	if at.Object != "" && text == "" {
		text = "object " + at.Object
	}
	if at.Line > 0 {
		text += fmt.Sprintf(":%d", at.Line)
	}
	if at.Column > 0 {
		text += fmt.Sprintf(":%d", at.Column)
	}
	switch {
	case at.Commit != "":
		text += "  since commit " + at.Commit[:min(12, len(at.Commit))]
	case at.Object != "" && at.File == "":
		text += "  not in git log"
	}
	return text
}
