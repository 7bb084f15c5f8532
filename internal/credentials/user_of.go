package credentials

import (
	"path/filepath"

	"github.com/latch-keys/latch/internal/lattice"
)

// UserOf gives the NATS user of a manifest's connection as far as that takes no
// seed: by the JWT in the manifest, or in a file that can be read. It is a
// lattice.UserOf.
func UserOf(d *lattice.Document, c lattice.Connection) (lattice.UserJWT, bool) {
	user, err := NewResolver(lattice.Manifest{}, filepath.Dir(d.Path()), nil).User(c)
	return user, err == nil
}
