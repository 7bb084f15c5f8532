package rotation

import "github.com/latch-keys/latch/internal/lattice"

// SeedsAhead are the keys that hosts sign with by the manifest, or will by the next
// phases of its rotation: without their seeds no env file can be written then. Old
// keys are not among them: that their seeds are lost may be why they are replaced.
func SeedsAhead(m lattice.Manifest) []lattice.Issuer {
	signers := m.Signers()
	ahead := map[string]bool{}
	if m.Rotation != nil {
		for _, s := range m.Rotation.Keys {
			ahead[s.New] = true
		}
	}
	var needed []lattice.Issuer
	for _, is := range m.Issuers {
		if ahead[is.Name] || len(signers[is.Name]) > 0 && (m.Rotation == nil || m.Rotation.Phase != lattice.PhaseIntroduce) {
			needed = append(needed, is)
		}
	}
	return needed
}
