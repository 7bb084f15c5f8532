package lattice

import (
	"maps"
	"slices"
	"testing"

	"github.com/latch-keys/latch/internal/wasmcloud"
)

// TestTold: what changes what web-1 is told changes its sum, and nothing else does.
func TestTold(t *testing.T) {
	t.Parallel()
	host := func(edit func(*Host)) func(*Manifest) { return func(m *Manifest) { edit(&m.Hosts[0]) } }
	connect := func(edit func(*Connection)) func(*Manifest) {
		return func(m *Manifest) {
			c := m.NATS.For(wasmcloud.RPC)
			edit(&c)
			m.NATS = m.NATS.With(wasmcloud.RPC, c)
		}
	}
	fresh := func() Manifest {
		return Manifest{
			Lattice: "prod", Target: target(t, "rust-0.82"), Generation: 7,
			Issuers: []Issuer{{Name: "one", PublicKey: testKey(0)}, {Name: "two", PublicKey: testKey(1)}},
			Hosts:   []Host{{Name: "web-1", SignsWith: "one", Env: []Variable{{"A", "b"}}}, {Name: "web-2", SignsWith: "two"}},
		}
	}
	before := fresh().Told()("web-1")
	if len(before) != 16 {
		t.Errorf("the sum is %q", before)
	}
	concerns := map[string]func(*Manifest){
		"prefix":        func(m *Manifest) { m.Lattice = "other" },
		"target":        func(m *Manifest) { m.Target = target(t, "otp") },
		"its target":    host(func(h *Host) { h.Target = target(t, "rust-0.81") }),
		"key":           host(func(h *Host) { h.SignsWith = "two" }),
		"issuers":       func(m *Manifest) { m.Issuers = append(m.Issuers, Issuer{Name: "three", PublicKey: testKey(2)}) },
		"order":         func(m *Manifest) { slices.Reverse(m.Issuers) },
		"variable":      host(func(h *Host) { h.Env = []Variable{{"A", "c"}} }),
		"fewer":         host(func(h *Host) { h.Env = nil }),
		"domain":        func(m *Manifest) { m.NATS.JetStreamDomain = "hub" },
		"its domain":    host(func(h *Host) { h.NATS.JetStreamDomain = "hub" }),
		"server":        connect(func(c *Connection) { c.Host = "nats" }),
		"port":          connect(func(c *Connection) { c.Port = 4223 }),
		"TLS":           connect(func(c *Connection) { c.TLS = On }),
		"JWT":           connect(func(c *Connection) { c.JWT = "web.jwt" }),
		"user":          connect(func(c *Connection) { c.Seed = "web-user" }),
		"creds":         connect(func(c *Connection) { c.Creds = "web.creds" }),
		"other purpose": func(m *Manifest) { m.NATS = m.NATS.With(wasmcloud.Control, Connection{Port: 4223}) },
	}
	sums := map[string]string{before: "nothing"}
	for _, name := range slices.Sorted(maps.Keys(concerns)) {
		m := fresh()
		concerns[name](&m)
		sum := m.Told()("web-1")
		if other, taken := sums[sum]; taken && !(name == "its domain" && other == "domain") {
			t.Errorf("%s gives the sum of %s", name, other)
		}
		sums[sum] = name
	}
	for name, edit := range map[string]func(*Manifest){
		"generation":      func(m *Manifest) { m.Generation++ },
		"another host":    func(m *Manifest) { m.Hosts = append(m.Hosts, Host{Name: "web-3", SignsWith: "one"}) },
		"the other host":  func(m *Manifest) { m.Hosts[1].Target = target(t, "otp") },
		"rights":          func(m *Manifest) { m.NATS.Chunks = On },
		"keystore":        func(m *Manifest) { m.Keystore = "dir:k" },
		"an issuer named": func(m *Manifest) { m.Issuers[0].Name, m.Hosts[0].SignsWith = "uno", "uno" },
	} {
		m := fresh()
		edit(&m)
		if m.Told()("web-1") != before {
			t.Errorf("%s changes the sum", name)
		}
	}
	if sum := fresh().Told()("nobody"); sum != "" {
		t.Errorf("a host that is not there has the sum %q", sum)
	}
}
