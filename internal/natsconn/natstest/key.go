package natstest

import (
	"crypto/rand"
	"testing"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nkeys"

	"github.com/latch-keys/latch/internal/keys"
)

// Key makes a key pair of the kind.
func Key(t testing.TB, kind keys.Kind) keys.Seed {
	t.Helper()
	seed, err := keys.Generate(kind, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return seed
}

// encode signs claims.
func encode(t testing.TB, claims jwt.Claims, signer keys.Seed) string {
	t.Helper()
	pair, err := nkeys.FromSeed(signer.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	token, err := claims.Encode(pair)
	if err != nil {
		t.Fatal(err)
	}
	return token
}
