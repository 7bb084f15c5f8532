package lattice_test

import (
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// A span that is taken and spelled again is the same.
func FuzzParseSpan(f *testing.F) {
	for _, text := range []string{"90d", "15m", "1s", "24h", "0d", "999999d"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		span, err := lattice.ParseSpan(text)
		if err != nil {
			return
		}
		if again, err := lattice.ParseSpan(lattice.FormatSpan(span)); err != nil || again != span || span <= 0 {
			t.Errorf("%q is %v, spelled %s", text, span, lattice.FormatSpan(span))
		}
	})
}

// A user's JWT that is taken is read alike again.
func FuzzParseUserJWT(f *testing.F) {
	login := natstest.NewOperator(f).Account(f, "lattice").User(f, "web-1")
	f.Add(login.JWT)
	f.Add(strings.Repeat("a", 30) + ".b.c")
	f.Fuzz(func(t *testing.T, text string) {
		user, err := lattice.ParseUserJWT(text)
		if err != nil {
			return
		}
		again, err := lattice.ParseUserJWT(user.Text)
		if err != nil || again.Subject != user.Subject || again.Account != user.Account || !again.Expires.Equal(user.Expires) {
			t.Errorf("%+v is read as %+v, %v", user, again, err)
		}
	})
}
