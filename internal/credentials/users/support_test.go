package users

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nkeys"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

func newKey(t testing.TB, kind keys.Kind) keys.Seed {
	t.Helper()
	seed, err := keys.Generate(kind, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return seed
}

// account is one of an operator, signed by the library of NATS.
func account(t testing.TB, operator, seed keys.Seed, edits ...func(*jwt.AccountClaims)) Account {
	t.Helper()
	claims := jwt.NewAccountClaims(seed.PublicKey().String())
	for _, edit := range edits {
		edit(claims)
	}
	pair, err := nkeys.FromSeed(operator.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	text, err := claims.Encode(pair)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := ParseAccount(text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func hostPermissions() Permissions {
	return Permissions{
		Publish: []string{"wasmbus.rpc.prod.>"}, Subscribe: []string{"wasmbus.rpc.prod.>", "_INBOX.>"},
		Answers: 1, AnswerWithin: time.Minute,
	}
}

func order(t testing.TB) Order {
	t.Helper()
	return Order{
		Lattice: "prod", Host: "web-1", For: wasmcloud.ProviderRPC, Generation: 7, User: newKey(t, keys.User).PublicKey(),
		Permissions: hostPermissions(), Expires: time.Now().Add(90 * 24 * time.Hour).UTC().Truncate(time.Second),
	}
}

func issuer(t testing.TB, signer keys.Seed, of keys.PublicKey, described Account) Issuer {
	t.Helper()
	i, err := NewIssuer(signer, of, described, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(i.Wipe)
	return i
}
