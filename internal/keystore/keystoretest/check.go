package keystoretest

import (
	"bytes"
	"slices"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
)

func holds(t *testing.T, store keystore.Store, name string, want keys.Seed) {
	t.Helper()
	got, err := store.Get(t.Context(), name)
	if err != nil {
		t.Fatalf("Get(%q): %v", name, err)
	}
	defer got.Wipe()
	a, b := got.Reveal(), want.Reveal()
	defer clear(a)
	defer clear(b)
	if len(a) != keys.SeedLength || !bytes.Equal(a, b) {
		t.Fatalf("Get(%q) gave %v, want %v", name, got, want)
	}
}

func lists(t *testing.T, store keystore.Store, want ...string) []keystore.Entry {
	t.Helper()
	entries, err := store.List(t.Context())
	if err != nil {
		t.Fatalf("List: %v", err)
	}
	var names []string
	for _, entry := range entries {
		names = append(names, entry.Name)
	}
	if !slices.Equal(names, want) {
		t.Fatalf("List gave %q, want %q", names, want)
	}
	return entries
}

// fails makes sure that the error is of the kind, and that it says what to do.
func fails(t *testing.T, doing string, err error, kind fault.Kind) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Fatalf("%s: error is %v, want one of the kind %q", doing, err, kind)
	}
	if err.Error() == "" || fault.HintOf(err) == "" {
		t.Fatalf("%s: error %q says neither where nor what to do", doing, err)
	}
}

// keepsQuiet makes sure that an error repeats no part of a seed.
func keepsQuiet(t *testing.T, err error, seed keys.Seed) {
	t.Helper()
	text := seed.Reveal()
	defer clear(text)
	if err != nil && bytes.Contains([]byte(err.Error()), text[2:12]) {
		t.Fatal("the error repeats the seed")
	}
}
