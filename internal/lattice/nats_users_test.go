package lattice

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// natsUser is the n-th key of a kind that the tests make.
func natsKey(t *testing.T, kind keys.Kind, n byte) keys.PublicKey {
	t.Helper()
	seed, err := keys.Generate(kind, bytes.NewReader(bytes.Repeat([]byte{n}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	return seed.PublicKey()
}

const withUsers = `version: 1
lattice: prod
target: otp
issuers:
  - {name: one, public_key: KEY0}
hosts:
  - name: web-1 # the first
    signs_with: one
generation: 4
nats_users: # by the platform team
  account: ACCOUNT
  signer: prod-signing
  expires: 90d
  issued:
    - host: web-1 # before the move
      for: prov_rpc
      public_key: USER1
      seed: prod-web-1-prov_rpc.4
      at: 2026-11-21T20:55:00Z
      expires: 2027-02-19T20:55:00Z
    - {host: web-1, for: rpc, public_key: USER2}
`

func usersManifest(t *testing.T) *Document {
	t.Helper()
	text := fill(withUsers)
	for name, key := range map[string]keys.PublicKey{
		"ACCOUNT": natsKey(t, keys.Account, 1), "USER1": natsKey(t, keys.User, 1), "USER2": natsKey(t, keys.User, 2),
	} {
		text = strings.ReplaceAll(text, name, key.String())
	}
	return mustDecode(t, text)
}

// TestRevocationsAreKept: a revocation is added by an edit that leaves the rest of
// the file alone, tells no host anything new, and is read back.
func TestRevocationsAreKept(t *testing.T) {
	t.Parallel()
	before := usersManifest(t)
	m := before.Manifest()
	user := m.NATSUsers.Issued[0]
	if user.For != wasmcloud.ProviderRPC || m.NATSUsers.Issued[1].For != wasmcloud.RPC || user.Expires.IsZero() {
		t.Fatalf("read %+v", m.NATSUsers.Issued)
	}
	m.NATSUsers.Issued = slices.Delete(m.NATSUsers.Issued, 0, 1)
	m.NATSUsers.Revoked = []RevokedUser{{PublicKey: user.PublicKey, Host: user.Host, For: user.For, At: testTime, Expires: user.Expires}}
	after, err := before.Update(m)
	if err != nil {
		t.Fatal(err)
	}
	text := string(after.Bytes())
	for _, kept := range []string{"# the first", "# by the platform team", "  revoked:\n", "for: prov_rpc"} {
		if !strings.Contains(text, kept) {
			t.Errorf("the edit lost %q:\n%s", kept, text)
		}
	}
	if got := after.Manifest(); got.Generation != 4 {
		t.Errorf("the generation grew to %d: no host is told anything new", got.Generation)
	}
	if r, found := mustDecode(t, text).Manifest().NATSUsers.RevocationOf(user.PublicKey); !found || r.For != wasmcloud.ProviderRPC || !r.At.Equal(testTime) {
		t.Errorf("read back %+v", r)
	}
}

func TestNATSUsersRefuse(t *testing.T) {
	t.Parallel()
	text := string(usersManifest(t).Bytes())
	for old, c := range map[string]struct{ new, says string }{
		"for: prov_rpc":        {"for: prov", "hosts have no such connection: must be one of rpc, ctl, prov_rpc"},
		"expires: 90d":         {"expires: soon", "no span of time"},
		"signer: prod-signing": {"signer: a b", "name"},
		natsKey(t, keys.Account, 1).String(): {
			natsKey(t, keys.User, 1).String(), "account",
		},
		natsKey(t, keys.User, 2).String(): {testKey(0).String(), "user"},
	} {
		_, err := Decode("lattice.yaml", []byte(strings.Replace(text, old, c.new, 1)))
		if err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "nats_users") {
			t.Errorf("%s: got %v, want %q", c.new, err, c.says)
		}
	}
}

func TestExpiredUsersAreDropped(t *testing.T) {
	t.Parallel()
	users := usersManifest(t).Manifest().NATSUsers
	users.Revoked = []RevokedUser{{PublicKey: users.Issued[1].PublicKey, At: testTime, Expires: testTime.Add(time.Hour)}, {PublicKey: users.Issued[0].PublicKey, At: testTime}}
	now := users.Issued[0].Expires.Add(time.Hour)
	left := users.Current(now)
	if len(left.Issued) != 1 || left.Issued[0].For != wasmcloud.RPC || len(left.Revoked) != 1 || !left.Revoked[0].Expires.IsZero() {
		t.Errorf("left %+v", left)
	}
	if again := users.Current(testTime); len(again.Issued) != 2 || len(again.Revoked) != 2 {
		t.Errorf("dropped what has not expired: %+v", again)
	}
}

func TestTheKeyThatIssuesUsersIsUsed(t *testing.T) {
	t.Parallel()
	if got := usedBy(usersManifest(t).Manifest().NeedsOf("prod-signing", natsKey(t, keys.Account, 7))); got != "issues prod-signing []" {
		t.Errorf("got %q", got)
	}
}
