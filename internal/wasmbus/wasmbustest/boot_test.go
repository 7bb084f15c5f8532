package wasmbustest_test

import (
	"crypto/rand"
	"maps"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmbus/wasmbustest"
)

// Each version starts with an environment as its sources say: a missing seed becomes a
// key of its own, the own key joins the issuers, and what is wrong ends a Rust host.
func TestBoot(t *testing.T) {
	t.Parallel()
	seed, user := natstest.Key(t, keys.Cluster), natstest.Key(t, keys.User)
	own, other := seed.PublicKey().String(), natstest.Key(t, keys.Cluster).PublicKey().String()
	base := map[string]string{"WASMCLOUD_CLUSTER_SEED": string(seed.Reveal()), "WASMCLOUD_CLUSTER_ISSUERS": other + "," + own, "WASMCLOUD_LATTICE": "prod"}
	with := func(pairs ...string) map[string]string {
		environ := maps.Clone(base)
		for i := 0; i < len(pairs); i += 2 {
			environ[pairs[i]] = pairs[i+1]
		}
		return environ
	}
	const issuers, clusterSeed = "WASMCLOUD_CLUSTER_ISSUERS", "WASMCLOUD_CLUSTER_SEED"
	for name, c := range map[string]struct {
		version string
		environ map[string]string
		signs   string // "" for a key that it made up
		accepts string // MADE stands for that key
		exits   bool
	}{
		"as written":         {"0.82.0", with(), own, other + "," + own, false},
		"own key appended":   {"0.82.0", with(issuers, other), own, other + "," + own, false},
		"own key prepended":  {"0.63.2", with(issuers, other), own, own + "," + other, false},
		"no seed":            {"0.82.0", with(clusterSeed, ""), "", other + "," + own + ",MADE", false},
		"no seed, OTP":       {"0.63.2", with(clusterSeed, ""), "", "MADE", false},
		"an empty list":      {"0.82.0", with(issuers, ""), own, "," + own, false},
		"a blank in a list":  {"0.82.0", with(issuers, other+", "+own), own, other + ", " + own + "," + own, false},
		"a short seed":       {"0.82.0", with(clusterSeed, "SCAB"), "", "", true},
		"a short seed, OTP":  {"0.63.2", with(clusterSeed, "SCAB"), "", "MADE", false},
		"a user's seed":      {"0.82.0", with(clusterSeed, string(user.Reveal())), "", "", true},
		"a user's seed, OTP": {"0.63.2", with(clusterSeed, string(user.Reveal())), user.PublicKey().String(), user.PublicKey().String() + "," + other + "," + own, false},
	} {
		h, err := wasmbustest.Boot("a", c.version, c.environ, rand.Reader)
		if (err != nil) != c.exits {
			t.Errorf("%s: %v", name, err)
		}
		if c.exits || err != nil {
			continue
		}
		if c.signs == "" && (h.Signs == own || !keys.WellSpelled(h.Signs, keys.Cluster)) || c.signs != "" && h.Signs != c.signs {
			t.Errorf("%s: signs with %s", name, h.Signs)
		}
		if want := strings.ReplaceAll(c.accepts, "MADE", h.Signs); h.Accepts != want || h.Lattice != "prod" {
			t.Errorf("%s: accepts %s, want %s", name, h.Accepts, want)
		}
	}
}

// A seed with a wrong letter starts a host under another key, without a word.
func TestBootLooksAtNoChecksum(t *testing.T) {
	t.Parallel()
	text := natstest.Key(t, keys.Cluster).Reveal()
	first, err := wasmbustest.Boot("a", "0.82.0", map[string]string{"WASMCLOUD_CLUSTER_SEED": string(text)}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if text[20]++; text[20] == 'Z'+1 || text[20] == '8' {
		text[20] = 'A'
	}
	second, err := wasmbustest.Boot("a", "0.82.0", map[string]string{"WASMCLOUD_CLUSTER_SEED": string(text)}, rand.Reader)
	if err != nil || first.Signs == second.Signs || !keys.WellSpelled(second.Signs, keys.Cluster) {
		t.Errorf("%s, then %s (%v)", first.Signs, second.Signs, err)
	}
}
