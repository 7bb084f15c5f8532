package users

import (
	"io/fs"
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
)

// loggingIn is a manifest whose hosts web-1, web-2, … make calls by the connections.
func loggingIn(t *testing.T, all ...lattice.Connection) lattice.Manifest {
	t.Helper()
	target, err := wasmcloud.ParseTarget("rust-0.82")
	if err != nil {
		t.Fatal(err)
	}
	m := lattice.Manifest{Lattice: "prod", Target: target}
	for i, c := range all {
		m.Hosts = append(m.Hosts, lattice.Host{Name: "web-" + string(rune('1'+i)), NATS: lattice.NATS{}.With(wasmcloud.RPC, c)})
	}
	return m
}

// TestChosenInOneOrder: users from elsewhere are chosen in the same order every time, in
// which the manifest then has them.
func TestChosenInOneOrder(t *testing.T) {
	t.Parallel()
	m := loggingIn(t, lattice.Connection{})
	used := newInUse()
	for range 8 {
		user := natstest.Key(t, keys.User).PublicKey()
		used.add(m.NATSUsers, place{"web-1", wasmcloud.RPC}, lattice.Connection{}, lattice.UserJWT{Text: "x", Subject: user}, nil)
	}
	var first []keys.PublicKey
	for range 20 {
		chosen, err := Choose(m, Choice{Who: "web-1"}, used)
		if err != nil || len(chosen) != 8 {
			t.Fatal(chosen, err)
		}
		var order []keys.PublicKey
		for _, user := range chosen {
			order = append(order, user.PublicKey)
		}
		if first == nil {
			first = order
		}
		if !slices.Equal(order, first) {
			t.Fatalf("first %v, then %v", first, order)
		}
	}
}

// TestInUseWithoutItsJWT: where JWTs are not at hand, nobody is cut off by chance, and
// nobody whom a host may log in as is called former.
func TestInUseWithoutItsJWT(t *testing.T) {
	t.Parallel()
	user := natstest.Key(t, keys.User).PublicKey()
	issued := lattice.IssuedUser{Host: "web-1", For: wasmcloud.RPC, PublicKey: user, Seed: "prod-web-1-rpc.2"}
	for name, c := range map[string]struct {
		web1, web2 lattice.Connection
		cutsOff    string // what the refusal says, "" for none
		state      State  // of the user on the list
	}{
		"its seed's name":        {lattice.Connection{Seed: issued.Seed, JWT: JWTFile(issued.Seed)}, lattice.Connection{}, "web-1 of the manifest logs in as " + user.String(), Unread},
		"shared":                 {lattice.Connection{}, lattice.Connection{Seed: issued.Seed, JWT: "lost.jwt"}, "web-2 of the manifest logs in as " + user.String(), Unread},
		"a file of its host":     {lattice.Connection{Creds: "web-1.creds"}, lattice.Connection{}, "web-1 of the manifest may log in as " + user.String(), Unread},
		"a file of another host": {lattice.Connection{}, lattice.Connection{Creds: "web-2.creds"}, "", Former},
		"another user's seed":    {lattice.Connection{Seed: "other", JWT: "lost.jwt"}, lattice.Connection{}, "", Former},
		"a user of the server's": {lattice.Connection{Seed: "other"}, lattice.Connection{}, "", Former},
	} {
		m := loggingIn(t, c.web1, c.web2)
		m.NATSUsers.Issued = []lattice.IssuedUser{issued}
		lost := func(c lattice.Connection) (lattice.UserJWT, error) {
			if c.JWT == "" && c.Creds == "" {
				return lattice.UserJWT{}, nil
			}
			return lattice.UserJWT{}, fs.ErrNotExist
		}
		err := CheckCutOff(Choice{Who: "web-1"}, []lattice.IssuedUser{issued}, FindInUse(m, lost))
		if said := c.cutsOff != ""; fault.Is(err, fault.Refused) != said || said && !strings.Contains(err.Error(), c.cutsOff) {
			t.Errorf("%s: %v", name, err)
		}
		all, err := List(m, nil, time.Now(), lost)
		if err != nil {
			t.Fatal(err)
		}
		of := slices.DeleteFunc(all, func(l Listed) bool { return l.PublicKey != user })
		if len(of) != 1 || of[0].State != c.state {
			t.Errorf("%s: listed %+v", name, of)
		}
	}
}

// TestRevokedAsLongAsAnyJWT: nsc issues a user of one key several JWTs. A revocation
// stays until the last of them has expired, those that latch has not seen included.
func TestRevokedAsLongAsAnyJWT(t *testing.T) {
	t.Parallel()
	operator, owner, user := natstest.Key(t, keys.Operator), natstest.Key(t, keys.Account), natstest.Key(t, keys.User).PublicKey()
	now := time.Now().UTC().Truncate(time.Second)
	lives := map[string]time.Time{"short": now.Add(time.Hour), "long": now.Add(300 * 24 * time.Hour), "ever": {}}
	for name, c := range map[string]struct {
		jwts   []string
		issued bool // by latch, with the short life
		ends   time.Time
	}{
		"by latch":          {[]string{"short"}, true, lives["short"]},
		"by latch and nsc":  {[]string{"short", "long", "short"}, true, lives["long"]},
		"one never expires": {[]string{"long", "ever", "short"}, true, time.Time{}},
		"by nsc":            {[]string{"short"}, false, time.Time{}},
	} {
		var all []lattice.Connection
		for _, life := range c.jwts {
			all = append(all, lattice.Connection{JWT: life, Seed: "s"})
		}
		m := loggingIn(t, all...)
		if c.issued {
			m.NATSUsers.Issued = []lattice.IssuedUser{{Host: "web-1", For: wasmcloud.RPC, PublicKey: user, Seed: "s", At: now.Add(-time.Hour), Expires: lives["short"]}}
		}
		used := FindInUse(m, func(c lattice.Connection) (lattice.UserJWT, error) {
			made := map[string]time.Duration{"short": -time.Hour, "long": time.Hour, "ever": -time.Minute}[c.JWT]
			return lattice.UserJWT{Text: c.JWT, Subject: user, Issued: now.Add(made), Expires: lives[c.JWT]}, nil
		})
		chosen, err := Choose(m, Choice{Who: user.String()}, used)
		if err != nil {
			t.Fatal(err)
		}
		m, fresh := Revoking(m, chosen, used, now)
		if len(fresh) != 1 || !fresh[0].Expires.Equal(c.ends) {
			t.Errorf("%s: revoked %+v, not until %s", name, fresh, c.ends)
		}
		if !slices.Contains(c.jwts, "long") {
			continue
		}
		later := now.Add(2 * time.Hour) // somebody else is revoked then
		next, err := account(t, operator, owner).WithRevoked(m.NATSUsers.Current(later).Revoked, Expired(m.NATSUsers, later), operator)
		if err != nil {
			t.Fatal(err)
		}
		long := jwt.NewUserClaims(user.String())
		long.IssuedAt = now.Add(time.Hour).Unix()
		if !next.claims.IsClaimRevoked(long) {
			t.Errorf("%s: two hours later the long JWT is let in again", name)
		}
	}
}
