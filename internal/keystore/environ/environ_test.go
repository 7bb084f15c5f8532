package environ_test

import (
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
)

func TestEnvNames(t *testing.T) {
	t.Parallel()
	seed := keystoretest.NewSeed(t, keys.Cluster)
	store := keystoretest.Open(t, "env:", keystore.Deps{Environ: []string{
		"LATCH_SEED_WEB_1=" + string(seed.Reveal()),
		"LATCH_SEED_lower=" + string(seed.Reveal()), // which no name leads to
	}})
	for _, name := range []string{"web-1", "web_1", "WEB.1", "Web-1"} {
		if got, err := store.Get(t.Context(), name); err != nil || got.PublicKey() != seed.PublicKey() {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err := store.Get(t.Context(), "web-2")
	if !fault.Is(err, fault.NotFound) || !strings.Contains(fault.HintOf(err), "LATCH_SEED_WEB_2") {
		t.Errorf("error is %v", err)
	}
	entries, err := store.List(t.Context())
	if err != nil || len(entries) != 1 || entries[0].Name != "web-1" || !entries[0].Created.IsZero() {
		t.Errorf("entries are %v, %v", entries, err)
	}
}

// A variable is listed by the names that are known for it, such as those of keys
// that a rotation has made.
func TestEnvListsKnownNames(t *testing.T) {
	t.Parallel()
	seed := keystoretest.NewSeed(t, keys.Cluster)
	store := keystoretest.Open(t, "env:", keystore.Deps{
		Environ: []string{"LATCH_SEED_PROD_CLUSTER_2=" + string(seed.Reveal()), "LATCH_SEED_OTHER=" + string(seed.Reveal())},
		Names:   func() []string { return []string{"prod-cluster", "prod-cluster.2", "prod-cluster.2", "bad/name"} },
	})
	entries, err := store.List(t.Context())
	if err != nil || len(entries) != 2 || entries[0].Name != "other" || entries[1].Name != "prod-cluster.2" {
		t.Errorf("entries are %v, %v", entries, err)
	}
	finder, ok := store.(keystore.Finder)
	if !ok {
		t.Fatal("the store finds no other names")
	}
	if entry, err := finder.Find(t.Context(), "Other"); err != nil || entry.Name != "Other" || entry.PublicKey != seed.PublicKey() {
		t.Errorf("found %v, %v", entry, err)
	}
	if _, err := finder.Find(t.Context(), "third"); !fault.Is(err, fault.NotFound) {
		t.Errorf("error is %v", err)
	}
}

func TestEnvNamesWhatIsCorrupt(t *testing.T) {
	t.Parallel()
	seed := keystoretest.NewSeed(t, keys.Cluster)
	text := string(seed.Reveal())
	for value, says := range map[string]string{
		"":                        "empty",
		text + "\n":               "line end",
		" " + text:                "white space",
		`"` + text + `"`:          "quotes",
		text[:57]:                 "incomplete",
		strings.ToLower(text):     "lower case",
		seed.PublicKey().String(): "public key",
	} {
		store := keystoretest.Open(t, "env:", keystore.Deps{Environ: []string{"LATCH_SEED_GOOD=" + text, "LATCH_SEED_BAD=" + value}})
		entries, listErr := store.List(t.Context())
		if len(entries) != 1 || entries[0].Name != "good" {
			t.Errorf("%s: entries are %v", says, entries)
		}
		_, getErr := store.Get(t.Context(), "bad")
		for _, err := range []error{listErr, getErr} {
			if !keystoretest.Corrupt(err) || !strings.Contains(err.Error(), "LATCH_SEED_BAD") || !strings.Contains(err.Error(), says) {
				t.Errorf("%s: %v", says, err)
			}
			if strings.Contains(strings.ToUpper(err.Error()), text[2:12]) {
				t.Error("the error repeats the seed")
			}
		}
	}
}

func FuzzEnvList(f *testing.F) {
	f.Add("LATCH_SEED_A_B", "x")
	f.Add("LATCH_SEED_", "x")
	f.Add("LATCH_SEED__X", "")
	f.Add("LATCH_SEED_a", "")
	f.Fuzz(func(t *testing.T, variable, value string) {
		seed := keystoretest.NewSeed(t, keys.Cluster)
		store := keystoretest.Open(t, "env:", keystore.Deps{Environ: []string{variable + "=" + value, variable + "=" + string(seed.Reveal())}})
		entries, _ := store.List(t.Context())
		for _, entry := range entries {
			got, err := store.Get(t.Context(), entry.Name)
			if err != nil || got.PublicKey() != entry.PublicKey {
				t.Fatalf("%q lists %v, which gives %v", variable, entry, err)
			}
		}
	})
}
