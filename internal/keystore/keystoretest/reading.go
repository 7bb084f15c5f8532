package keystoretest

import (
	"testing"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
)

type readingCase struct {
	name string
	run  func(t *testing.T, fill Filled)
}

func reading() []readingCase {
	return []readingCase{
		{"an empty store lists nothing", func(t *testing.T, fill Filled) { lists(t, fill(t, nil)) }},
		{"what it holds is listed by name", listedByName},
		{"what it holds is given", given},
		{"a missing name is not found", func(t *testing.T, fill Filled) {
			_, err := fill(t, nil).Get(t.Context(), "nobody")
			fails(t, "Get", err, keystore.ErrNotFound)
		}},
		{"a bad name is refused", func(t *testing.T, fill Filled) {
			for _, name := range badNames() {
				_, err := fill(t, nil).Get(t.Context(), name)
				fails(t, "Get", err, keystore.ErrName)
			}
		}},
		{"nothing can be put", func(t *testing.T, fill Filled) {
			err := fill(t, nil).Put(t.Context(), "new", NewSeed(t, keys.Cluster))
			fails(t, "Put", err, keystore.ErrReadOnly)
		}},
		{"nothing can be renamed", func(t *testing.T, fill Filled) {
			seeds := map[string]keys.Seed{"old": NewSeed(t, keys.Cluster)}
			store := fill(t, seeds)
			fails(t, "Rename", store.Rename(t.Context(), "old", "new"), keystore.ErrReadOnly)
			fails(t, "Rename", store.Rename(t.Context(), "old", "a/b"), keystore.ErrName)
			holds(t, store, "old", seeds["old"])
		}},
		{"nothing can be deleted", func(t *testing.T, fill Filled) {
			seeds := map[string]keys.Seed{"old": NewSeed(t, keys.Cluster)}
			store := fill(t, seeds)
			fails(t, "Delete", store.Delete(t.Context(), "old"), keystore.ErrReadOnly)
			holds(t, store, "old", seeds["old"])
		}},
	}
}

func listedByName(t *testing.T, fill Filled) {
	seeds := map[string]keys.Seed{"b": NewSeed(t, keys.Cluster), "a": NewSeed(t, keys.Server), "c-1": NewSeed(t, keys.Cluster)}
	for _, entry := range lists(t, fill(t, seeds), "a", "b", "c-1") {
		if entry.PublicKey != seeds[entry.Name].PublicKey() {
			t.Errorf("%s is listed as %s", entry.Name, entry.PublicKey)
		}
	}
}

func given(t *testing.T, fill Filled) {
	seeds := map[string]keys.Seed{"web-1": NewSeed(t, keys.Cluster), "web-2": NewSeed(t, keys.Cluster)}
	store := fill(t, seeds)
	for name, seed := range seeds {
		holds(t, store, name, seed)
	}
}
