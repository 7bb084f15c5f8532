package rotation

import "github.com/latch-keys/latch/internal/lattice"

// SeedsAhead are the keys that hosts sign with by the manifest, or will by the next
// phases of its rotation: without their seeds no env file can be written then. Those
// that are still to be replaced are not among them: start has looked for those, and that
// they were lost since is no reason to keep them.
func SeedsAhead(m lattice.Manifest) []lattice.Issuer {
	ahead := map[string]bool{}
	var replaced successors
	if r := m.Rotation; r != nil {
		for _, s := range r.Keys {
			ahead[s.New] = true
		}
		if r.Phase == lattice.PhaseIntroduce {
			replaced = newSuccessors(r)
		}
	}
	for _, h := range m.Hosts {
		if _, ok := replaced.of(h.Name, h.SignsWith); !ok {
			ahead[h.SignsWith] = true
		}
	}
	var needed []lattice.Issuer
	for _, is := range m.Issuers {
		if ahead[is.Name] {
			needed = append(needed, is)
		}
	}
	return needed
}
