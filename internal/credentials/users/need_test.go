package users

import (
	"slices"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// TestNeeds: a user stays unless there is a reason, so that issuing twice changes
// nothing.
func TestNeeds(t *testing.T) {
	t.Parallel()
	owner := natstest.Key(t, keys.Account)
	o := order(t)
	text, err := issuer(t, owner, owner.PublicKey(), Account{}).issue(o)
	if err != nil {
		t.Fatal(err)
	}
	user, err := lattice.ParseUserJWT(text)
	if err != nil {
		t.Fatal(err)
	}
	sorted := slices.Clone(o.Needs)
	slices.Reverse(sorted)
	wider := append(permissions.Set{{Action: wasmcloud.Publish, Subject: "$JS.API.>"}}, o.Needs...)
	now := time.Now()
	for name, c := range map[string]struct {
		user    lattice.UserJWT
		account keys.PublicKey
		revoked []lattice.RevokedUser
		now     time.Time
		wanted  permissions.Set
		scoped  bool
		seed    keys.PublicKey
		want    Need
	}{
		"nothing to do":    {user, owner.PublicKey(), nil, now, o.Needs, false, o.User, UpToDate},
		"another order":    {user, owner.PublicKey(), nil, now, sorted, false, o.User, UpToDate},
		"none":             {lattice.UserJWT{}, owner.PublicKey(), nil, now, o.Needs, false, o.User, NoUser},
		"another account":  {user, natstest.Key(t, keys.Account).PublicKey(), nil, now, o.Needs, false, o.User, OtherIssuer},
		"revoked":          {user, owner.PublicKey(), []lattice.RevokedUser{{PublicKey: o.User}}, now, o.Needs, false, o.User, IsRevoked},
		"two thirds lived": {user, owner.PublicKey(), nil, now.Add(61 * 24 * time.Hour), o.Needs, false, o.User, IsDue},
		"half lived":       {user, owner.PublicKey(), nil, now.Add(45 * 24 * time.Hour), o.Needs, false, o.User, UpToDate},
		"expired":          {user, owner.PublicKey(), nil, now.Add(100 * 24 * time.Hour), o.Needs, false, o.User, IsDue},
		"more is needed":   {user, owner.PublicKey(), nil, now, wider, false, o.User, Differs},
		"a scope decides":  {user, owner.PublicKey(), nil, now, o.Needs, true, o.User, Differs},
		"the seed is gone": {user, owner.PublicKey(), nil, now, o.Needs, false, keys.PublicKey{}, NoSeed},
		"another's seed":   {user, owner.PublicKey(), nil, now, o.Needs, false, owner.PublicKey(), NoSeed},
	} {
		judged := Needs{Settings: lattice.NATSUsers{Account: c.account, Expires: 90 * 24 * time.Hour, Revoked: c.revoked}, Now: c.now}
		got := judged.Of(c.user, c.seed, c.wanted, c.scoped)
		if got != c.want {
			t.Errorf("%s: %q, not %q", name, got, c.want)
		}
	}
}
