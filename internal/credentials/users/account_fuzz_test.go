package users

import (
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// An account JWT that is taken is read alike again; an error repeats nothing of it.
func FuzzParseAccount(f *testing.F) {
	f.Add(natstest.NewOperator(f).Account(f, "lattice").JWT(f))
	f.Fuzz(func(t *testing.T, text string) {
		a, err := ParseAccount(text)
		if err != nil {
			if text = strings.TrimSpace(text); len(text) > 20 && strings.Contains(err.Error(), text) {
				t.Error("the error repeats the JWT")
			}
			return
		}
		again, err := ParseAccount(a.JWT())
		if err != nil || again.PublicKey() != a.PublicKey() || a.IsZero() {
			t.Errorf("%s is read as %s, %v", a.PublicKey(), again.PublicKey(), err)
		}
	})
}
