package bucket

import (
	"testing"

	"github.com/latch-keys/latch/internal/keys"
)

// TakeBack puts a manifest in place of the lattice's last without a look at its
// generation, as a maintainer's latch could that was made to.
func TakeBack(t testing.TB, s *Store, lattice string, generation uint64, text string) {
	t.Helper()
	err := s.changing(t.Context(), func(open *session, signer keys.Seed) (root, error) {
		p := published{Lattice: lattice, Generation: generation, Text: digest([]byte(text))}
		last, _ := open.was.manifest(lattice)
		p, err := open.stageManifest(t.Context(), signer, p, last, []byte(text))
		return open.was.withManifest(p), err
	})
	if err != nil {
		t.Fatal(err)
	}
}
