package lattice

import (
	"encoding/json"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
)

func TestManifestLooksUp(t *testing.T) {
	t.Parallel()
	m := sampleManifest(t)
	web1, ok := m.Host("web-1")
	if !ok || m.TargetOf(web1).String() != "rust-0.82" {
		t.Errorf("got %+v", web1)
	}
	web2, ok := m.Host("web-2")
	if !ok || m.TargetOf(web2).String() != "otp" {
		t.Errorf("got %+v", web2)
	}
	if is, ok := m.Issuer("two"); !ok || is.PublicKey != testKey(1) {
		t.Errorf("got %+v", is)
	}
	if _, ok := m.Host("WEB-1"); ok {
		t.Error("found in another case")
	}
	if _, ok := m.Issuer(""); ok {
		t.Error("found without a name")
	}
	m.Issuers = append(m.Issuers, Issuer{Name: "again", PublicKey: testKey(0)})
	if got := m.Accepted(); len(got) != 2 || got[0] != testKey(0) {
		t.Errorf("got %v", got)
	}
}

func TestManifestEqual(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Manifest){
		"lattice":    func(m *Manifest) { m.Lattice = "x" },
		"target":     func(m *Manifest) { m.Target = Target{} },
		"keystore":   func(m *Manifest) { m.Keystore = "" },
		"generation": func(m *Manifest) { m.Generation++ },
		"host":       func(m *Manifest) { m.Hosts[0].SignsWith = "two" },
		"issuer":     func(m *Manifest) { m.Issuers[0].PublicKey = keys.PublicKey{} },
		"created":    func(m *Manifest) { m.Issuers[0].Created = m.Issuers[0].Created.Add(1) },
		"order":      func(m *Manifest) { m.Hosts[0], m.Hosts[1] = m.Hosts[1], m.Hosts[0] },
	} {
		m := sampleManifest(t)
		if !m.Equal(sampleManifest(t)) {
			t.Fatal("a manifest is not equal to itself")
		}
		if change(&m); m.Equal(sampleManifest(t)) {
			t.Errorf("%s makes no difference", name)
		}
	}
}

func TestTargetInJSON(t *testing.T) {
	t.Parallel()
	if got, err := json.Marshal(target(t, "otp")); err != nil || string(got) != `"otp"` {
		t.Errorf("got %s, %v", got, err)
	}
}
