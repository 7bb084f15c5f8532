package credentials

import (
	"context"
	"path/filepath"

	"github.com/latch-keys/latch/internal/lattice"
)

// UserOf gives the NATS user of a manifest's connection as far as that takes no
// seed: by the JWT in the manifest, or in a file that can be read. It is a
// lattice.UserOf, for a person with this home folder.
func UserOf(ctx context.Context, home string) lattice.UserOf {
	return func(d *lattice.Document, c lattice.Connection) (lattice.UserJWT, bool) {
		user, err := NewResolver(lattice.Manifest{}, Files{Dir: filepath.Dir(d.Path()), Home: home}, nil).UserOf(ctx)(c)
		return user, err == nil
	}
}
