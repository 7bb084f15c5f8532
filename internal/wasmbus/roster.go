package wasmbus

import (
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Roster tells which host of a manifest a reply is from: by the label that latch
// gave it, or by its key where a person says so.
type Roster struct {
	manifest lattice.Manifest
	members  map[string]bool
	named    map[keys.PublicKey]string
}

// NewRoster takes what a person says of hosts without labels, as NAME=KEY.
func NewRoster(m lattice.Manifest, words []string) (Roster, error) {
	r := Roster{manifest: m, members: make(map[string]bool, len(m.Hosts)), named: map[keys.PublicKey]string{}}
	for _, h := range m.Hosts {
		r.members[h.Name] = true
	}
	for _, word := range words {
		name, key, err := ParseMatch(word)
		if err != nil {
			return r, err
		}
		if !r.members[name] {
			return r, m.NoHost(name)
		}
		if other, twice := r.named[key]; twice && other != name {
			return r, fault.New(fault.Usage, "%s and %s cannot both have the host key %s", other, name, key)
		}
		r.named[key] = name
	}
	return r, nil
}

// ParseMatch reads what a host with a key of its own is called: NAME=KEY.
func ParseMatch(word string) (name string, key keys.PublicKey, err error) {
	name, text, _ := strings.Cut(word, "=")
	if err := lattice.CheckName(name); err != nil {
		return "", key, fault.As(fault.Usage, err)
	}
	if key, err = keys.ParsePublicKey(text, keys.Server); err != nil {
		return name, key, fault.New(fault.Usage, "the host key of %s", name).Because(err).WithHint("give it as %s=N…, as latch lattice status shows it", name)
	}
	return name, key, nil
}

// nameOf is the name of the host that a reply is from, "" for a stranger. A host that
// says it is in another lattice is one.
func (r Roster) nameOf(reply Reply) string {
	if reply.Lattice != "" && reply.Lattice != r.manifest.Lattice {
		return ""
	}
	if name, known := r.named[reply.Key]; known {
		return name
	}
	if name := reply.Labels[wasmcloud.HostLabel]; r.members[name] {
		return name
	}
	return ""
}

// Question asks the hosts of the manifest, each of which should answer, wherever
// the manifest has them listen.
func (r Roster) Question() Question {
	q := Question{Lattice: r.manifest.Lattice, NameOf: r.nameOf, Timeout: DefaultTimeout, Quiet: DefaultQuiet}
	for _, h := range r.manifest.Hosts {
		q.Expected = append(q.Expected, h.Name)
		topic := ""
		for _, v := range h.Env {
			if v.Name == wasmcloud.CtlTopicPrefix {
				topic = v.Value
			}
		}
		if !slices.Contains(q.Topics, topic) {
			q.Topics = append(q.Topics, topic)
		}
	}
	return q
}
