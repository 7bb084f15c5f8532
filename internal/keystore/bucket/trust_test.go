package bucket

import (
	"crypto/rand"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
)

func newSigner(t *testing.T) keys.Seed {
	t.Helper()
	seed, err := keys.Generate(keys.User, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return seed
}

// A maintainer counts who follows from somebody trusted, by introductions that are
// sound, for this keystore, and made since the maintainers were last seen.
func TestIntroductions(t *testing.T) {
	t.Parallel()
	alice, bob, carol, mallory := newSigner(t), newSigner(t), newSigner(t), newSigner(t)
	made := func(inStore string, key keys.Seed, since uint64, by keys.Seed) maintainer {
		m, err := introduce(inStore, key.PublicKey(), "x", since, by)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	first := made("s", alice, 1, alice)
	borrowed := made("s", bob, 5, alice)
	borrowed.Key = mallory.PublicKey()
	renamed := made("s", mallory, 5, mallory)
	renamed.By = alice.PublicKey()
	for name, c := range map[string]struct {
		more    []maintainer
		by      keys.Seed
		seen    uint64
		trusted bool
	}{
		"the one trusted":            {nil, alice, 3, true},
		"introduced by them":         {[]maintainer{made("s", bob, 5, alice)}, bob, 3, true},
		"introduced by those":        {[]maintainer{made("s", carol, 6, bob), made("s", bob, 5, alice)}, carol, 3, true},
		"introduced before, removed": {[]maintainer{made("s", bob, 2, alice)}, bob, 3, false},
		"self-made":                  {[]maintainer{made("s", mallory, 5, mallory)}, mallory, 0, false},
		"in another keystore":        {[]maintainer{made("other", bob, 5, alice)}, bob, 0, false},
		"another's introduction":     {[]maintainer{borrowed}, mallory, 0, false},
		"a false introducer":         {[]maintainer{renamed}, mallory, 0, false},
		"not there at all":           {nil, mallory, 0, false},
	} {
		s := snapshot{root: root{Store: "s", Maintainers: append([]maintainer{first}, c.more...)}, by: c.by.PublicKey()}
		if got := s.trustedFrom([]keys.PublicKey{alice.PublicKey()}, c.seen); got != c.trusted {
			t.Errorf("%s: trusted is %v", name, got)
		}
	}
}
