package lattice_test

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

// TestGivesHostsTheSame: how far a rotation has come and which users there are is no
// host's matter; who accepts which key is.
func TestGivesHostsTheSame(t *testing.T) {
	t.Parallel()
	m := lattice.Manifest{Lattice: "prod", Generation: 4, Issuers: []lattice.Issuer{{Name: "one"}}, Hosts: []lattice.Host{{Name: "web-1", SignsWith: "one"}}}
	for _, c := range []struct {
		name   string
		change func(*lattice.Manifest)
		same   bool
	}{
		{"nothing", func(*lattice.Manifest) {}, true},
		{"a rotation", func(m *lattice.Manifest) { m.Rotation = &lattice.Rotation{Phase: lattice.PhaseRetire} }, true},
		{"a compromised key", func(m *lattice.Manifest) { m.Denied = []lattice.Denial{{Name: "one"}} }, true},
		{"an issued user", func(m *lattice.Manifest) { m.NATSUsers.Issued = []lattice.IssuedUser{{Host: "web-1"}} }, true},
		{"a revocation", func(m *lattice.Manifest) { m.NATSUsers.Revoked = []lattice.RevokedUser{{Host: "web-1"}} }, true},
		{"an age", func(m *lattice.Manifest) { m.MaxAge = time.Hour }, true},
		{"a generation", func(m *lattice.Manifest) { m.Generation = 5 }, false},
		{"an issuer", func(m *lattice.Manifest) { m.Issuers = append(m.Issuers[:1:1], lattice.Issuer{Name: "two"}) }, false},
		{"a host", func(m *lattice.Manifest) { m.Hosts = nil }, false},
		{"a server", func(m *lattice.Manifest) { m.NATS.JetStreamDomain = "edge" }, false},
	} {
		other := m
		c.change(&other)
		if got := m.GivesHostsTheSame(other); got != c.same {
			t.Errorf("%s: %t", c.name, got)
		}
	}
}

// What a lattice must not forget is missed in what comes of an older copy, until nothing
// hangs on it any more.
func TestLost(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	key := func(kind keys.Kind) keys.PublicKey {
		seed, err := keys.Generate(kind, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return seed.PublicKey()
	}
	lost, gone, here, over := key(keys.Cluster), key(keys.User), key(keys.User), key(keys.User)
	before := lattice.Manifest{Denied: []lattice.Denial{{PublicKey: lost}}, NATSUsers: lattice.NATSUsers{
		Revoked: []lattice.RevokedUser{{PublicKey: gone, At: now}, {PublicKey: over, At: now, Expires: now.Add(-time.Hour)}},
		Issued:  []lattice.IssuedUser{{PublicKey: here, Host: "web-1"}, {PublicKey: over, Host: "web-1", Expires: now.Add(-time.Hour)}},
	}}
	for _, c := range []struct {
		name   string
		change func(*lattice.Manifest)
		want   string
	}{
		{"nothing", func(*lattice.Manifest) {}, ""},
		{"what has expired", func(m *lattice.Manifest) {
			m.NATSUsers.Revoked, m.NATSUsers.Issued = m.NATSUsers.Revoked[:1], m.NATSUsers.Issued[:1]
		}, ""},
		{"a user that was revoked meanwhile", func(m *lattice.Manifest) {
			m.NATSUsers.Revoked = append(m.NATSUsers.Revoked[:2:2], lattice.RevokedUser{PublicKey: here, At: now})
			m.NATSUsers.Issued = nil
		}, ""},
		{"a denied key", func(m *lattice.Manifest) { m.Denied = nil }, "the denied key " + lost.String()},
		{"a revocation", func(m *lattice.Manifest) { m.NATSUsers.Revoked = m.NATSUsers.Revoked[1:] }, "the revocation of the user " + gone.String()},
		{"a later revocation", func(m *lattice.Manifest) {
			m.NATSUsers.Revoked = []lattice.RevokedUser{{PublicKey: gone, At: now.Add(-time.Second)}}
		}, "the revocation of the user " + gone.String()},
		{"an issued user", func(m *lattice.Manifest) { m.NATSUsers.Issued = nil }, "the user " + here.String() + ", issued for web-1"},
	} {
		after := before.Clone()
		c.change(&after)
		if got := after.Lost(before, now); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
