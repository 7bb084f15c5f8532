package users

import (
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// TestRevocationsAreMerged: what the server's copy revokes stays, what the manifest
// revokes is added, what has expired goes, and the operator's signature is sound.
func TestRevocationsAreMerged(t *testing.T) {
	t.Parallel()
	operator, owner := natstest.Key(t, keys.Operator), natstest.Key(t, keys.Account)
	colleagues, ours, old := natstest.Key(t, keys.User).PublicKey(), natstest.Key(t, keys.User).PublicKey(), natstest.Key(t, keys.User).PublicKey()
	now := time.Now().UTC().Truncate(time.Second)
	servers := account(t, operator, owner, func(c *jwt.AccountClaims) {
		c.Name = "kept"
		c.RevokeAt(colleagues.String(), now)
		c.RevokeAt(old.String(), now)
		c.Limits.Conn = 7
	})
	revoked := []lattice.RevokedUser{{PublicKey: ours, At: now}}
	if got := servers.Missing(revoked); len(got) != 1 || got[0].PublicKey != ours {
		t.Fatalf("missing %v", got)
	}
	next, err := servers.WithRevoked(revoked, []lattice.RevokedUser{{PublicKey: old}}, operator)
	if err != nil {
		t.Fatal(err)
	}
	if next.Revocations() != 2 || len(next.Missing(revoked)) != 0 || next.Issuer() != operator.PublicKey() || next.claims.Name != "kept" || next.claims.Limits.Conn != 7 {
		t.Errorf("merged into %+v", next.claims)
	}
	if next.claims.Revocations.IsRevoked(old.String(), now) {
		t.Errorf("%s is still revoked, although its JWT has expired", old)
	}
	if servers.Revocations() != 2 || len(servers.Missing(revoked)) != 1 {
		t.Error("the server's copy was changed too")
	}
	if _, err := servers.WithRevoked(revoked, nil, owner); !fault.Is(err, fault.Refused) {
		t.Errorf("signed by the account itself: %v", err)
	}
}

// TestARevocationNeverGoesBack: the later of two times stays, and an older copy of
// the account is known by what it lacks.
func TestARevocationNeverGoesBack(t *testing.T) {
	t.Parallel()
	operator, owner, user := natstest.Key(t, keys.Operator), natstest.Key(t, keys.Account), natstest.Key(t, keys.User).PublicKey()
	now := time.Now().UTC().Truncate(time.Second)
	late := []lattice.RevokedUser{{PublicKey: user, At: now}}
	servers := account(t, operator, owner, func(c *jwt.AccountClaims) { c.RevokeAt(user.String(), now.Add(-time.Hour)) })
	if len(servers.Missing(late)) != 1 {
		t.Error("a revocation of an hour ago does not refuse a user issued since")
	}
	next, err := servers.WithRevoked(late, nil, operator)
	if err != nil {
		t.Fatal(err)
	}
	again, err := next.WithRevoked([]lattice.RevokedUser{{PublicKey: user, At: now.Add(-2 * time.Hour)}}, nil, operator)
	if err != nil || len(again.Missing(late)) != 0 {
		t.Errorf("an earlier time took the place of a later one (%v)", err)
	}
	everybody := account(t, operator, owner, func(c *jwt.AccountClaims) { c.RevokeAt(jwt.All, now) })
	if len(everybody.Missing(late)) != 0 {
		t.Error("a revocation of all users does not count for one")
	}
}

func TestRevokeAtIsNeverBeforeTheJWT(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 26, 10, 0, 0, 7, time.UTC)
	for _, c := range []struct{ issued, want time.Time }{
		{time.Time{}, now.Truncate(time.Second)},
		{now.Add(-time.Hour), now.Truncate(time.Second)},
		{now.Add(time.Hour), now.Add(time.Hour).Truncate(time.Second)}, // the issuer's clock is ahead
	} {
		if got := revokeAt(now, c.issued); !got.Equal(c.want) {
			t.Errorf("issued %s: revoked at %s, not %s", c.issued, got, c.want)
		}
	}
}

// TestFill: 9,600 revocations are more than 80 hundredths of the usual greatest
// message, and fewer than all of it.
func TestFill(t *testing.T) {
	t.Parallel()
	const usual = 1 << 20
	operator, owner := natstest.Key(t, keys.Operator), natstest.Key(t, keys.Account)
	full := account(t, operator, owner, func(c *jwt.AccountClaims) {
		user := []byte(natstest.Key(t, keys.User).PublicKey().String())
		for n := range 9_600 {
			for d := range 4 {
				user[10+d] = 'A' + byte(n>>(4*d)&15)
			}
			c.RevokeAt(string(user), time.Now())
		}
	})
	if got := full.Fill(usual); got < NearlyFull || got >= 100 || full.Revocations() != 9_600 {
		t.Errorf("%d revocations take %d hundredths", full.Revocations(), got)
	}
	if got := account(t, operator, owner).Fill(usual); got != 0 {
		t.Errorf("no revocation takes %d hundredths", got)
	}
}

func TestOnlyTrustedKeysSignAccounts(t *testing.T) {
	t.Parallel()
	operator, other := natstest.Key(t, keys.Operator), natstest.Key(t, keys.Operator)
	described := account(t, operator, natstest.Key(t, keys.Account))
	trusted := []keys.PublicKey{natstest.Key(t, keys.Operator).PublicKey(), operator.PublicKey()}
	if err := described.CheckSigner(operator.PublicKey(), trusted); err != nil {
		t.Errorf("refused a trusted key: %v", err)
	}
	if err := described.CheckSigner(other.PublicKey(), trusted); !fault.Is(err, fault.Refused) {
		t.Errorf("another operator's key: %v", err)
	}
}

func TestNewAccount(t *testing.T) {
	t.Parallel()
	operator, owner := natstest.Key(t, keys.Operator), natstest.Key(t, keys.Account)
	made, err := NewAccount("prod", owner.PublicKey(), operator)
	if err != nil {
		t.Fatal(err)
	}
	problems := jwt.CreateValidationResults()
	made.claims.Validate(problems)
	if !problems.IsEmpty() || made.Check(time.Now()) != nil || made.PublicKey() != owner.PublicKey() || !made.claims.Limits.IsJSEnabled() || made.claims.Name != "prod" {
		t.Errorf("made %+v: %v", made.claims, problems.Issues)
	}
	if _, err := NewAccount("prod", owner.PublicKey(), owner); !fault.Is(err, fault.Refused) {
		t.Errorf("signed by an account: %v", err)
	}
	for _, text := range []string{"", "eyJ", made.JWT()[:len(made.JWT())-4]} {
		if _, err := ParseAccount(text); err == nil {
			t.Errorf("%q was read as an account JWT", text)
		}
	}
}
