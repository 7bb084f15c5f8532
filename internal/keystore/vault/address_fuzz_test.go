package vault_test

import (
	"testing"

	"github.com/latch-keys/latch/internal/keystore/vault"
)

// An address that is taken is read alike again.
func FuzzParseAddress(f *testing.F) {
	for _, text := range []string{"secret/lattice", "a/b/c/", "/a", "a/../b", "a"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a, err := vault.ParseAddress(text)
		if err != nil {
			return
		}
		if again, err := vault.ParseAddress(a.String()); err != nil || again != a {
			t.Errorf("%q is %v, and that %v, %v", text, a, again, err)
		}
	})
}
