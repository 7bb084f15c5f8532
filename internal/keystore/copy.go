package keystore

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// Copied is a key that Copy or Restore has seen to.
type Copied struct {
	Entry
	New bool // false: the store had it already
}

// Copy puts every key of one store into another, and reads each back there. A
// name that holds another seed, or that differs by case only, is fault.Exists
// before anything is copied. What was copied before a failure stays; doing it
// again goes on.
func Copy(ctx context.Context, from, to Store) ([]Copied, error) {
	entries, err := from.List(ctx)
	if err != nil {
		return nil, err
	}
	return fill(ctx, entries, to, func(e Entry) (keys.Seed, error) { return from.Get(ctx, e.Name) })
}

// fill puts what get gives for each entry.
func fill(ctx context.Context, entries []Entry, to Store, get func(Entry) (keys.Seed, error)) ([]Copied, error) {
	held, err := room(ctx, entries, to)
	if err != nil {
		return nil, err
	}
	var done []Copied
	for _, e := range entries {
		if err := carry(ctx, e, to, get); err != nil {
			return done, fmt.Errorf("stopped at %s, %d of %d are in %s: %w", e.Name, len(done), len(entries), to.URI(), err)
		}
		done = append(done, Copied{Entry: e, New: !held[e.Name]})
	}
	return done, nil
}

func carry(ctx context.Context, e Entry, to Store, get func(Entry) (keys.Seed, error)) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	seed, err := get(e)
	if err != nil {
		return err
	}
	defer seed.Wipe()
	if err := store.Match(e.Name, seed.PublicKey(), e.PublicKey); err != nil {
		return err
	}
	return to.Put(ctx, e.Name, seed)
}

// room makes sure that no name is taken by another key, and gives those that
// are there already.
func room(ctx context.Context, entries []Entry, to Store) (map[string]bool, error) {
	there, err := to.List(ctx)
	if err != nil && !newStore(err) {
		return nil, err
	}
	held := map[string]bool{}
	for _, e := range entries {
		for _, other := range there {
			switch {
			case other.Name == e.Name && other.PublicKey != e.PublicKey:
				return nil, store.Taken(e.Name, other.PublicKey)
			case other.Name == e.Name:
				held[e.Name] = true
			case strings.EqualFold(other.Name, e.Name):
				return nil, store.Clash(e.Name, other.Name)
			}
		}
	}
	return held, nil
}

// newStore reports whether a store could not be listed since its folder is yet
// to be made.
func newStore(err error) bool { return errors.Is(err, store.ErrNoPlace) }
