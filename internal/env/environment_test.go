package env

import (
	"maps"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

func TestFor(t *testing.T) {
	t.Parallel()
	e := web1(t, "rust-0.82")
	want := map[string]string{
		"WASMCLOUD_LATTICE":         "prod",
		"WASMCLOUD_LATTICE_PREFIX":  "prod",
		"WASMCLOUD_CLUSTER_ISSUERS": testsKey + "," + docsKey,
		"WASMCLOUD_CLUSTER_SEED":    docsSeed,

		"WASMCLOUD_LABEL_latch_host":       "web-1",
		"WASMCLOUD_LABEL_latch_generation": "7",
	}
	if got := values(e); !maps.Equal(got, want) {
		t.Errorf("For gave %v, want %v", got, want)
	}
	if e.Lattice != "prod" || e.Host != "web-1" || e.Target.String() != "rust-0.82" || e.Generation != 7 || e.PublicKey.String() != docsKey {
		t.Errorf("For gave %+v", e)
	}
}

func TestForTakesTheHostsOwnTarget(t *testing.T) {
	t.Parallel()
	m := twoKeys(t, "rust-0.82")
	m.Hosts[0].Target = parseTarget(t, "otp")
	e := mustFor(t, m, "web-1", parseSeed(t, docsSeed))
	if _, told := values(e)["WASMCLOUD_LATTICE"]; told || e.Target.String() != "otp" {
		t.Errorf("a host with target otp in a rust-0.82 lattice was told %v for %s", e.Assignments, e.Target)
	}
}

func TestForListsAKeyOnce(t *testing.T) {
	t.Parallel()
	m := twoKeys(t, "otp")
	m.Issuers = append(m.Issuers, lattice.Issuer{Name: "again", PublicKey: m.Issuers[0].PublicKey})
	got := values(mustFor(t, m, "web-1", parseSeed(t, docsSeed)))["WASMCLOUD_CLUSTER_ISSUERS"]
	if got != testsKey+","+docsKey {
		t.Errorf("issuers are %s", got)
	}
}

func TestForRefuses(t *testing.T) {
	t.Parallel()
	wiped := parseSeed(t, docsSeed)
	wiped.Wipe()
	cases := map[string]struct {
		edit func(*lattice.Manifest)
		host string
		seed keys.Seed
		kind fault.Kind
		says []string
	}{
		"unknown host":       {host: "web-3", kind: fault.NotFound, says: []string{"prod", "web-3"}},
		"host in other case": {host: "WEB-1", kind: fault.NotFound, says: []string{"WEB-1"}},
		"seed for a host":    {host: docsSeed},
		"another's seed":     {seed: parseSeed(t, testsSeed), kind: fault.Refused, says: []string{"web-1", docsKey, testsKey}},
		"host seed":          {seed: parseSeed(t, hostSeed), kind: fault.Refused, says: []string{"server seed", docsKey, "NAGAS"}},
		"wiped seed":         {seed: wiped, says: []string{"no seed", "web-1"}},
		"no target":          {edit: func(m *lattice.Manifest) { m.Target = wasmcloud.Target{} }, says: []string{"no target"}},
		"latch's own variable": {
			edit: func(m *lattice.Manifest) {
				m.Hosts[0].Env = []lattice.Variable{{Name: "WASMCLOUD_CTL_JWT", Value: "x"}}
			},
			says: []string{"latch writes WASMCLOUD_CTL_JWT itself"},
		},
		"no issuers":     {edit: func(m *lattice.Manifest) { m.Issuers = nil }, says: []string{"no issuer"}},
		"unknown signer": {edit: func(m *lattice.Manifest) { m.Hosts[0].SignsWith = "x" }, says: []string{`"x"`, "no issuer"}},
		"dotted lattice": {edit: func(m *lattice.Manifest) { m.Lattice = "a.b" }, says: []string{"a.b"}},
		"no lattice":     {edit: func(m *lattice.Manifest) { m.Lattice = "" }},
		"issuer of another kind": {
			edit: func(m *lattice.Manifest) { m.Issuers[0].PublicKey = parseSeed(t, hostSeed).PublicKey() },
			says: []string{`"tests"`, "server"},
		},
		"issuer without a key": {edit: func(m *lattice.Manifest) { m.Issuers[0].PublicKey = keys.PublicKey{} }, says: []string{"unknown"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := twoKeys(t, "rust-0.82")
			if c.edit != nil {
				c.edit(&m)
			}
			host, seed := c.host, c.seed
			if host == "" {
				host = "web-1"
			}
			if seed.Kind() == keys.AnyKind {
				seed = parseSeed(t, docsSeed)
			}
			_, err := builder(m).For(host, seed, nil)
			if err == nil {
				t.Fatal("accepted")
			}
			if c.kind != fault.Failed && (!fault.Is(err, c.kind) || hint(err) == "") {
				t.Errorf("error %q with hint %q is not %q", err, hint(err), c.kind)
			}
			for _, part := range c.says {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q does not say %q", err, part)
				}
			}
			if holdsSecret(err.Error() + hint(err)) {
				t.Error("the error holds a seed")
			}
		})
	}
}

// TestForKeepsItsPromises: whatever the manifest, the host's own key is among
// the issuers, they read back as keys, and both lattice names agree.
func TestForKeepsItsPromises(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for _, e := range anyEnvironments().Draw(t, "environments") {
			told := values(e)
			if e.Target.IgnoresClusterKeys() {
				if told["WASMCLOUD_CLUSTER_SEED"] != "" || told["WASMCLOUD_CLUSTER_ISSUERS"] != "" || told["WASMCLOUD_LATTICE"] != e.Lattice {
					t.Fatalf("a host of %s is told %v", e.Target, e.Assignments)
				}
				continue
			}
			issuers, err := keys.ParseIssuers(told["WASMCLOUD_CLUSTER_ISSUERS"])
			if err != nil || !issuers.Contains(e.PublicKey) {
				t.Fatalf("issuers %v of a host that signs with %s: %v", issuers, e.PublicKey, err)
			}
			seed, err := keys.ParseSeed([]byte(told["WASMCLOUD_CLUSTER_SEED"]), keys.Cluster)
			if err != nil || seed.PublicKey() != e.PublicKey {
				t.Fatalf("the seed is that of %s, not of %s: %v", seed.PublicKey(), e.PublicKey, err)
			}
			if name, ok := told["WASMCLOUD_LATTICE"]; ok && name != told["WASMCLOUD_LATTICE_PREFIX"] {
				t.Fatalf("the lattice names differ: %v", e.Assignments)
			}
		}
	})
}

// TestForWithoutClusterKeys: a host that ignores them needs no seed, and is told
// the rest.
func TestForWithoutClusterKeys(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"rust-1.0", "rust-1.3"} {
		e := mustFor(t, twoKeys(t, target), "web-1", keys.Seed{})
		want := map[string]string{"WASMCLOUD_LATTICE": "prod", "WASMCLOUD_LABEL_latch_host": "web-1", "WASMCLOUD_LABEL_latch_generation": "7"}
		if got := values(e); !maps.Equal(got, want) || !e.PublicKey.IsZero() {
			t.Errorf("%s: For gave %v, want %v", target, got, want)
		}
	}
}

// TestForRefusesAPublishedSeed: no host is given a seed that anyone can read, unless
// a rotation is taking the lattice away from it.
func TestForRefusesAPublishedSeed(t *testing.T) {
	t.Parallel()
	m := twoKeys(t, "rust-0.82")
	_, err := NewBuilder(m).For("web-1", parseSeed(t, docsSeed), nil)
	if !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "published in wasmCloud/wasmcloud.com") || !strings.Contains(hint(err), "rotate start") {
		t.Errorf("%v, %s", err, hint(err))
	}
	m.Rotation = &lattice.Rotation{Keys: []lattice.Succession{{Old: "docs", New: "tests"}}}
	if _, err := NewBuilder(m).For("web-1", parseSeed(t, docsSeed), nil); err != nil {
		t.Errorf("in a rotation: %v", err)
	}
}
