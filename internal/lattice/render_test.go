package lattice

import (
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
)

func TestNewRenders(t *testing.T) {
	t.Parallel()
	m := sampleManifest(t)
	m.Generation = 0
	d, err := New("lattice.yaml", m)
	if err != nil {
		t.Fatal(err)
	}
	want := fill(`# The lattice "prod": who signs with which cluster key, and whom every host accepts.
# Holds no secret: keep it in git. latch edits it and keeps your comments.
# yaml-language-server: $schema=https://raw.githubusercontent.com/latch-keys/latch/main/docs/lattice.schema.json
version: 1
lattice: prod
target: rust-0.82
keystore: dir:k
issuers:
  - name: one
    public_key: KEY0
    created: 2026-11-21T20:55:00Z
  - name: two
    public_key: KEY1
hosts:
  - name: web-1
    signs_with: one
  - name: web-2
    signs_with: two
    target: otp
generation: 1
`)
	if got := string(d.Bytes()); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Manifest){
		"prefix":        func(m *Manifest) { m.Lattice = "a.b" },
		"target":        func(m *Manifest) { m.Target = Target{} },
		"issuer's name": func(m *Manifest) { m.Issuers[0].Name = "a b" },
		"issuer twice":  func(m *Manifest) { m.Issuers[0].Name = "TWO" },
		"host twice":    func(m *Manifest) { m.Hosts[0].Name = "WEB-2" },
		"signs with":    func(m *Manifest) { m.Hosts[0].SignsWith = "three" },
		"bytes":         func(m *Manifest) { m.Keystore = "dir:\xd7" },
		"keystore":      func(m *Manifest) { m.Keystore = "dir:" + string(testSeed(1).Reveal()) },
	} {
		m := sampleManifest(t)
		change(&m)
		if d, err := New("m.yaml", m); err == nil {
			t.Errorf("%s: got\n%s", name, d.Bytes())
		} else if strings.Contains(name, "twice") && !fault.Is(err, fault.Exists) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
