package rotation

import (
	"fmt"
	"slices"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

// Leaving are the keys on their way out: those that a rotation gives up or has
// retired, and that no host is to sign with after the step.
func Leaving(before, after lattice.Manifest) keys.Issuers {
	signers := after.Signers()
	seen := map[keys.PublicKey]bool{}
	var leaving keys.Issuers
	add := func(is lattice.Issuer) {
		if len(signers[is.Name]) == 0 && !seen[is.PublicKey] {
			seen[is.PublicKey] = true
			leaving = append(leaving, is.PublicKey)
		}
	}
	for _, m := range []lattice.Manifest{before, after} {
		if m.Rotation == nil {
			continue
		}
		old := oldKeys(m.Rotation)
		for _, is := range m.Issuers {
			if old[is.Name] {
				add(is)
			}
		}
		for _, is := range m.Rotation.Retired {
			add(is)
		}
	}
	return leaving
}

// deletable names the keys that the end of a rotation leaves without a use, or
// says why their seeds are kept: a host that was not looked at may sign with
// them still.
func deletable(before, after lattice.Manifest) (names []string, kept string) {
	if before.Rotation == nil || after.Rotation != nil {
		return nil, ""
	}
	r := before.Rotation
	if i := slices.IndexFunc(r.Observed, func(o lattice.Observation) bool { return o.Evidence == lattice.Attested }); i >= 0 && len(r.Retired) > 0 {
		return nil, fmt.Sprintf("The old seeds are kept: that %s accepts them no longer is attested, not observed.", r.Observed[i].Host)
	}
	left := issuersByName(after)
	for _, is := range slices.Concat(before.Issuers, r.Retired) {
		if _, accepted := left[is.Name]; !accepted {
			names = append(names, is.Name)
		}
	}
	return names, ""
}
