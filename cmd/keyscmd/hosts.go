package keyscmd

import (
	"fmt"
	"strings"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// hostsDocument says what hosts of some targets do with a cluster seed that is
// refused here. SignsAs is missing where they exit or make up a key.
type hostsDocument struct {
	Targets []wasmcloud.Target `json:"targets"`
	Do      string             `json:"do"`
	SignsAs string             `json:"signs_as,omitempty"`
}

// whatHostsDo with a text as their cluster seed, for the target or for all that
// know cluster keys.
func whatHostsDo(d keys.Diagnosis, target wasmcloud.Target) []hostsDocument {
	lax := hostsDocument{Do: "start, log the text and sign with a key they make up"}
	if !d.HostKey.IsZero() {
		lax.Do, lax.SignsAs = "start and sign as "+d.HostKey.String(), d.HostKey.String()
	}
	cluster := hostsDocument{Do: "exit"} // what hosts do that want a cluster key
	if d.HostKey.Kind() == keys.Cluster {
		cluster.Do = lax.Do
	}
	for _, t := range wasmcloud.Targets() {
		switch {
		case !target.IsZero() && t != target:
		case t.TakesAnySeed(), cluster.Do == lax.Do:
			lax.Targets = append(lax.Targets, t)
		default:
			cluster.Targets = append(cluster.Targets, t)
		}
	}
	var all []hostsDocument
	for _, doc := range []hostsDocument{lax, cluster} {
		if len(doc.Targets) > 0 {
			all = append(all, doc)
		}
	}
	return all
}

func (h hostsDocument) String() string {
	names := make([]string, len(h.Targets))
	for i, t := range h.Targets {
		names[i] = t.String()
	}
	return fmt.Sprintf("hosts of %s %s", strings.Join(names, ", "), h.Do)
}

// inPublic is what is said of a cluster key that stands in public; refused says
// that its seed does too.
func inPublic(key keys.PublicKey) (note string, refused bool) {
	found, ok := wasmcloud.Published(key)
	switch {
	case !ok:
		return "", false
	case found.WithSeed:
		return fmt.Sprintf("the seed of %s is published in %s: anyone can sign with it", key, found.Repository), true
	default:
		return fmt.Sprintf("%s is an example published in %s: whoever made it can sign with it", key, found.Repository), false
	}
}
