package rotation

import (
	"slices"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

// KeyNames gives what the manifest or its rotation calls a key; a key that
// neither knows is given as it is.
func KeyNames(m lattice.Manifest) func(keys.PublicKey) string {
	known := m.Issuers
	if m.Rotation != nil {
		known = slices.Concat(known, m.Rotation.Retired)
	}
	names := make(map[keys.PublicKey]string, len(known))
	for _, is := range known {
		if _, named := names[is.PublicKey]; !named {
			names[is.PublicKey] = is.Name
		}
	}
	return func(key keys.PublicKey) string {
		if name, named := names[key]; named {
			return name
		}
		return key.String()
	}
}
