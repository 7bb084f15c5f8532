package lattice_test

import (
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/lattice"
)

// TestGivesHostsTheSame: how far a rotation has come is no host's matter; who accepts
// which key is.
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
