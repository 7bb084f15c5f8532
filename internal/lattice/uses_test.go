package lattice

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// usedManifest is the sample while one is rotated out for three, in phase switch,
// with users of NATS and a denied key.
const usedManifest = `version: 1
lattice: prod
target: otp
issuers:
  - {name: one, public_key: KEY0}
  - {name: two, public_key: KEY1}
  - {name: idle, public_key: KEY2}
hosts:
  - {name: web-1, signs_with: two, nats: {rpc: {seed: rpc-user}, ctl: {seed: rpc-user}}}
  - {name: web-2, signs_with: two}
nats: {ctl: {seed: ctl-user}}
rotation:
  phase: retire
  started: 2026-11-21T20:55:00Z
  entered: 2026-11-21T20:55:00Z
  generation: 7
  keys: [{old: gone, new: two}, {old: one, new: idle}]
  retired: [{name: gone, public_key: KEY3}]
denied: [{public_key: KEY4, name: lost}]
`

func usedBy(uses []Use) string {
	var all []string
	for _, u := range uses {
		all = append(all, fmt.Sprintf("%s %s %v", u.Kind, u.Name, u.Hosts))
	}
	return strings.Join(all, "; ")
}

func TestEveryUseOfAKey(t *testing.T) {
	t.Parallel()
	text := strings.ReplaceAll(fill(usedManifest), "KEY4", testKey(4).String())
	m := mustDecode(t, text).Manifest()
	for _, c := range []struct {
		name string
		key  uint64
		want string
	}{
		{"two", 1, "signs two [web-1 web-2]; rotation two []; issuer two []"},
		{"renamed", 1, "signs two [web-1 web-2]; rotation two []; issuer two []"},
		{"one", 0, "rotation one []; issuer one []"},
		{"gone", 3, "retired gone []"},
		{"lost", 4, "denied lost []"},
		{"rpc-user", 99, "logs_in rpc-user [web-1]"},
		{"ctl-user", 99, "logs_in ctl-user [web-2]"},
		{"other", 99, ""},
	} {
		if got := usedBy(m.usesOf(c.name, testKey(c.key))); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
	var needed []string
	for _, n := range m.NeededSeeds() {
		needed = append(needed, n.Name+" "+string(n.Use.Kind))
	}
	want := []string{"two signs", "one rotation", "idle rotation", "gone retired", "ctl-user logs_in", "rpc-user logs_in"}
	if !slices.Equal(needed, want) {
		t.Errorf("got %q, want %q", needed, want)
	}
	m.Rotation.Emergency = true
	if slices.ContainsFunc(m.NeededSeeds(), func(n NeededSeed) bool { return n.Name == "gone" }) {
		t.Error("a compromised key is needed")
	}
}

func TestWhoSignsWithWhat(t *testing.T) {
	t.Parallel()
	m := mustDecode(t, fill(sample)).Manifest()
	if got := m.SignersOf("two"); !slices.Equal(got, []string{"web-2"}) || len(m.SignersOf("x")) != 0 || m.SignersOf("x") == nil {
		t.Errorf("got %q", got)
	}
	if _, ok := m.CommonIssuer(); ok || len(m.IdleIssuers()) != 0 {
		t.Error("two keys are taken for one, or used ones for idle ones")
	}
	m.Hosts[1].SignsWith = "one"
	if common, ok := m.CommonIssuer(); !ok || common != "one" {
		t.Errorf("got %q", common)
	}
	if idle := m.IdleIssuers(); len(idle) != 1 || idle[0].Name != "two" || len(m.Issuers) != 2 {
		t.Errorf("got %v", idle)
	}
	m.Hosts = nil
	if _, ok := m.CommonIssuer(); ok {
		t.Error("two issuers and no host have one in common")
	}
	m.Issuers = m.Issuers[:1]
	if common, ok := m.CommonIssuer(); !ok || common != "one" {
		t.Errorf("got %q", common)
	}
}

func TestStateOfAnIssuer(t *testing.T) {
	t.Parallel()
	m := mustDecode(t, strings.ReplaceAll(fill(usedManifest), "KEY4", testKey(4).String())).Manifest()
	for issuer, want := range map[string]IssuerState{"one": StateOld, "two": StateNew, "idle": StateNew, "x": StateIssuer} {
		if got := m.StateOf(issuer); got != want {
			t.Errorf("%s is %s, want %s", issuer, got, want)
		}
	}
	m.Rotation = nil
	if m.StateOf("one") != StateIssuer {
		t.Error("a steady lattice has an old key")
	}
}

// A denied key needs no seed, nor does one that an emergency has retired: no way
// leads back to either.
func TestNeedsOf(t *testing.T) {
	t.Parallel()
	m := mustDecode(t, strings.ReplaceAll(fill(usedManifest), "KEY4", testKey(4).String())).Manifest()
	for _, c := range []struct {
		name string
		key  uint64
		want string
	}{
		{"gone", 3, "retired gone []"},
		{"lost", 4, ""},
		{"rpc-user", 99, "logs_in rpc-user [web-1]"},
	} {
		if got := usedBy(m.NeedsOf(c.name, testKey(c.key))); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
	m.Rotation.Emergency = true
	if got := m.NeedsOf("gone", testKey(3)); len(got) != 0 {
		t.Errorf("retired by an emergency: %v", got)
	}
}
