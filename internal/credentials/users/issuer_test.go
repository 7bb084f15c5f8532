package users

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// TestIssued: the library of NATS and latch itself read back what was ordered.
func TestIssued(t *testing.T) {
	t.Parallel()
	owner, signing := natstest.Key(t, keys.Account), natstest.Key(t, keys.Account)
	described := account(t, natstest.Key(t, keys.Operator), owner, func(c *jwt.AccountClaims) { c.SigningKeys.Add(signing.PublicKey().String()) })
	for name, signer := range map[string]keys.Seed{"the account's key": owner, "a signing key": signing} {
		o := order(t)
		text, err := issuer(t, signer, owner.PublicKey(), described).issue(o)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		claims, err := jwt.DecodeUserClaims(text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		problems := jwt.CreateValidationResults()
		claims.Validate(problems)
		if !problems.IsEmpty() || !described.claims.DidSign(claims) {
			t.Errorf("%s: the library does not take it: %v", name, problems.Issues)
		}
		if claims.Name != "prod_web-1_prov_rpc_7" || len(claims.Tags) != 0 || claims.BearerToken {
			t.Errorf("%s: name %q, tags %v", name, claims.Name, claims.Tags)
		}
		user, err := lattice.ParseUserJWT(text)
		if err != nil || user.Subject != o.User || user.Account != owner.PublicKey() || !user.Expires.Equal(o.Expires) {
			t.Errorf("%s: read back %+v, %v", name, user, err)
		}
		if got := user.Rights; got == nil || len(got.Lacks(o.Needs)) > 0 || slices.Contains(got.Publish.Allow, ">") {
			t.Errorf("%s: rights %+v", name, got)
		}
	}
}

// TestIssuersRefused: whoever's users no server would let in issues none.
func TestIssuersRefused(t *testing.T) {
	t.Parallel()
	operator, owner, other := natstest.Key(t, keys.Operator), natstest.Key(t, keys.Account), natstest.Key(t, keys.Account)
	expired := account(t, operator, owner, func(c *jwt.AccountClaims) { c.Expires = 1 })
	early := account(t, operator, owner, func(c *jwt.AccountClaims) { c.NotBefore = time.Now().Add(time.Hour).Unix() })
	for name, c := range map[string]struct {
		signer keys.Seed
		jwt    Account
		says   string
	}{
		"a cluster key":          {natstest.Key(t, keys.Cluster), Account{}, "users are signed by their account's key"},
		"an operator's key":      {operator, Account{}, "users are signed by their account's key"},
		"another account's JWT":  {owner, account(t, operator, other), "the account JWT is of"},
		"a key not in the JWT":   {other, account(t, operator, owner), "is no signing key of the account"},
		"a signing key, no JWT":  {other, Account{}, "whether it is a signing key of it is not known"},
		"an expired account":     {owner, expired, "has expired at 1970"},
		"an account not yet":     {owner, early, "is not valid before"},
		"signed by no operator":  {owner, account(t, owner, owner), "which is no operator"},
		"signing key that was":   {other, account(t, operator, owner, func(c *jwt.AccountClaims) { c.SigningKeys.Add(natstest.Key(t, keys.Account).PublicKey().String()) }), "no signing key"},
		"no seed of the account": {keys.Seed{}, Account{}, "unknown key"},
	} {
		_, err := NewIssuer(c.signer, owner.PublicKey(), c.jwt, time.Now())
		if !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), c.says) || fault.HintOf(err) == "" || keys.MayHoldSeed(err.Error()) {
			t.Errorf("%s: got %v, want %q", name, err, c.says)
		}
	}
}

func TestOrdersRefused(t *testing.T) {
	t.Parallel()
	owner := natstest.Key(t, keys.Account)
	i := issuer(t, owner, owner.PublicKey(), Account{})
	for name, c := range map[string]struct {
		edit func(*Order)
		says string
	}{
		"a wildcard as host":   {func(o *Order) { o.Host = "*" }, "name"},
		"a dot in the lattice": {func(o *Order) { o.Lattice = "prod.eu" }, "a dot would make two tokens"},
		"a cluster key":        {func(o *Order) { o.User = natstest.Key(t, keys.Cluster).PublicKey() }, "not a user's"},
		"too many permissions": {func(o *Order) { o.Needs = many(400) }, "servers take a login of 4,096"},
	} {
		o := order(t)
		c.edit(&o)
		if text, err := i.issue(o); err == nil || text != "" || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want %q", name, err, c.says)
		}
		all := []Order{order(t), o, order(t)}
		if got, err := i.IssueAll(t.Context(), all, 2); err == nil || got != nil {
			t.Errorf("%s: half of them were issued: %v", name, err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if got, err := i.IssueAll(ctx, []Order{order(t)}, 1); err == nil || got != nil {
		t.Errorf("issued after an interrupt: %v", err)
	}
}

func many(n int) permissions.Set {
	all := make(permissions.Set, n)
	for i := range all {
		all[i] = permissions.Grant{Action: wasmcloud.Publish, Subject: fmt.Sprintf("a.subject.%d.>", i)}
	}
	return all
}
