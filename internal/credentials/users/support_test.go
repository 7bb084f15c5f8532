package users

import (
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nkeys"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

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

// needs are those of a host's connection for providers.
func needs(t testing.TB) permissions.Set {
	t.Helper()
	target, err := wasmcloud.ParseTarget("rust-0.80")
	if err != nil {
		t.Fatal(err)
	}
	set, err := permissions.Setup{Target: target, Lattice: "prod"}.Needs(wasmcloud.ProviderRPCUser)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func order(t testing.TB) Order {
	t.Helper()
	return Order{
		Lattice: "prod", Host: "web-1", For: wasmcloud.ProviderRPC, Generation: 7, User: natstest.Key(t, keys.User).PublicKey(),
		Needs: needs(t), Expires: time.Now().Add(90 * 24 * time.Hour).UTC().Truncate(time.Second),
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
