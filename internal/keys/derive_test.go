package keys

import (
	"math/rand/v2"
	"testing"
)

// Many at once are what one after the other is, for every kind and every length
// around a stretch.
func TestDeriveAllAgreesWithDerive(t *testing.T) {
	t.Parallel()
	source := rand.NewChaCha8([32]byte{31})
	for _, kind := range Kinds() {
		for _, n := range []int{0, 1, 2, stretch - 1, stretch, stretch + 1, 3*stretch + 5} {
			raws, publics := make([][32]byte, n), make([]PublicKey, n)
			for i := range raws {
				_, _ = source.Read(raws[i][:])
			}
			deriveAll(kind, raws, publics)
			for i := range raws {
				if want := derive(kind, &raws[i]); publics[i] != want {
					t.Fatalf("%v key %d of %d: %s, want %s", kind, i, n, publics[i], want)
				}
			}
		}
	}
}
