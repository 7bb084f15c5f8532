package keystoretest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
)

// readingCase is one promise of every store, also of those that cannot be
// written. Names are such as the environment can carry.
type readingCase struct {
	name string
	run  func(t *testing.T, fill Filled)
}

// interrupting interrupts who reads a seed, as soon as they have it.
type interrupting struct {
	keystore.Store

	interrupt context.CancelFunc
}

func (i interrupting) Get(ctx context.Context, name string) (keys.Seed, error) {
	seed, err := i.Store.Get(ctx, name)
	i.interrupt()
	return seed, err
}

func reading() []readingCase {
	return []readingCase{
		{"an empty store lists nothing", func(t *testing.T, fill Filled) { lists(t, fill(t, nil)) }},
		{"the URI stays", func(t *testing.T, fill Filled) {
			store := fill(t, nil)
			if uri := store.URI(); uri == "" || uri != store.URI() {
				t.Fatalf("the URI is %q", uri)
			}
		}},
		{"what it holds is listed by name", listedByName},
		{"what it holds is given", given},
		{"every kind of seed is given", everyKindGiven},
		{"a name that another begins with is its own", func(t *testing.T, fill Filled) {
			seeds := newSeeds(t, "web", "web-1", "web-10", "w")
			store := fill(t, seeds)
			allHeld(t, store, seeds)
			_, err := store.Get(t.Context(), "we")
			fails(t, "Get", err, fault.NotFound)
		}},
		{"a missing name is not found", func(t *testing.T, fill Filled) {
			_, err := fill(t, nil).Get(t.Context(), "nobody")
			fails(t, "Get", err, fault.NotFound)
			_, err = fill(t, newSeeds(t, "somebody")).Get(t.Context(), "nobody")
			fails(t, "Get", err, fault.NotFound)
		}},
		{"a bad name is refused", func(t *testing.T, fill Filled) {
			store := fill(t, nil)
			for _, name := range badNames() {
				_, err := store.Get(t.Context(), name)
				fails(t, "Get", err, fault.Usage)
			}
		}},
		{"a seed for a name is not repeated", seedForName},
		{"listing twice gives the same", func(t *testing.T, fill Filled) {
			store := fill(t, newSeeds(t, "a", "b", "c"))
			if first, second := lists(t, store, "a", "b", "c"), lists(t, store, "a", "b", "c"); !slices.Equal(first, second) {
				t.Fatalf("first %v, then %v", first, second)
			}
		}},
		{"what was given is the caller's own", ownCopy},
		{"many read at the same time", readTogether},
		{"checking it finds the seeds sound", func(t *testing.T, fill Filled) {
			checked, _, err := keystore.Check(t.Context(), fill(t, newSeeds(t, "a", "b")))
			if err != nil || len(checked) != 2 || checked[0].Err != nil || checked[1].Err != nil {
				t.Fatalf("%v, %v", checked, err)
			}
		}},
		{"an interrupted check is no answer", func(t *testing.T, fill Filled) {
			ctx, interrupt := context.WithCancel(t.Context())
			_, _, err := keystore.Check(ctx, interrupting{fill(t, newSeeds(t, "a", "b")), interrupt})
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("interrupted between two keys: %v", err)
			}
		}},
		{"a backup of it has every seed", func(t *testing.T, fill Filled) {
			backup, err := keystore.TakeBackup(t.Context(), fill(t, newSeeds(t, "a", "b")), epoch())
			if err != nil {
				t.Fatal(err)
			}
			defer backup.Wipe()
			if entries := backup.Entries(); len(entries) != 2 || entries[0].Name != "a" || entries[1].Name != "b" {
				t.Fatalf("entries are %v", entries)
			}
		}},
	}
}

// refusing are the promises of a store that cannot be written.
func refusing() []readingCase {
	return []readingCase{
		{"nothing can be put", func(t *testing.T, fill Filled) {
			err := fill(t, nil).Put(t.Context(), "new", NewSeed(t, keys.Cluster))
			fails(t, "Put", err, fault.ReadOnly)
		}},
		{"nothing can be renamed", func(t *testing.T, fill Filled) {
			seeds := newSeeds(t, "old")
			store := fill(t, seeds)
			fails(t, "Rename", store.Rename(t.Context(), "old", "new", seeds["old"].PublicKey()), fault.ReadOnly)
			fails(t, "Rename", store.Rename(t.Context(), "old", "a/b", seeds["old"].PublicKey()), fault.Usage)
			allHeld(t, store, seeds)
		}},
		{"nothing can be deleted", func(t *testing.T, fill Filled) {
			seeds := newSeeds(t, "old")
			store := fill(t, seeds)
			fails(t, "Delete", store.Delete(t.Context(), "old", seeds["old"].PublicKey()), fault.ReadOnly)
			allHeld(t, store, seeds)
		}},
	}
}

func newSeeds(t *testing.T, names ...string) map[string]keys.Seed {
	t.Helper()
	seeds := map[string]keys.Seed{}
	for _, name := range names {
		seeds[name] = NewSeed(t, keys.Cluster)
	}
	return seeds
}

// allHeld makes sure that a store holds these and lists no others.
func allHeld(t *testing.T, store keystore.Store, seeds map[string]keys.Seed) {
	t.Helper()
	for name, seed := range seeds {
		holds(t, store, name, seed)
	}
	lists(t, store, slices.Sorted(maps.Keys(seeds))...)
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
	seeds := newSeeds(t, "web-1", "web-2")
	allHeld(t, fill(t, seeds), seeds)
}

func everyKindGiven(t *testing.T, fill Filled) {
	seeds := map[string]keys.Seed{}
	for _, kind := range keys.Kinds() {
		seeds[kind.String()] = NewSeed(t, kind)
	}
	if len(seeds) == 0 {
		t.Fatal("there are no kinds")
	}
	allHeld(t, fill(t, seeds), seeds)
}

func seedForName(t *testing.T, fill Filled) {
	seed := NewSeed(t, keys.Cluster)
	text := string(seed.Reveal())
	store := fill(t, nil)
	for _, name := range []string{text, strings.ToLower(text), text[:57]} {
		_, err := store.Get(t.Context(), name)
		fails(t, "Get", err, fault.Usage)
		keepsQuiet(t, errors.New(strings.ToUpper(err.Error())), seed)
	}
}

func ownCopy(t *testing.T, fill Filled) {
	seeds := newSeeds(t, "w")
	store := fill(t, seeds)
	got, err := store.Get(t.Context(), "w")
	if err != nil {
		t.Fatal(err)
	}
	got.Wipe()
	holds(t, store, "w", seeds["w"])
}

func readTogether(t *testing.T, fill Filled) {
	seeds := newSeeds(t, "a", "b")
	store := fill(t, seeds)
	errs := make([]error, atOnce)
	var wait sync.WaitGroup
	for i := range errs {
		wait.Go(func() {
			name := []string{"a", "b"}[i%2]
			got, err := store.Get(t.Context(), name)
			if err == nil && got.PublicKey() != seeds[name].PublicKey() {
				err = fmt.Errorf("%s is %v", name, got)
			}
			errs[i] = err
		})
	}
	wait.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}
