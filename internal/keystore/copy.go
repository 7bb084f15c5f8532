package keystore

import (
	"context"
	"errors"
	"fmt"
	"slices"
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

// atOnce is how many seeds are put together: they are in memory meanwhile.
const atOnce = 1000

// fill puts what get gives for each entry.
func fill(ctx context.Context, entries []Entry, to Store, get func(Entry) (keys.Seed, error)) ([]Copied, error) {
	held, err := room(ctx, entries, to)
	if err != nil {
		return nil, err
	}
	var done []Copied
	for some := range slices.Chunk(entries, atOnce) {
		n, err := carry(ctx, some, to, get)
		for _, e := range some[:n] {
			done = append(done, Copied{Entry: e, New: !held[e.Name]})
		}
		if err != nil {
			return done, fmt.Errorf("stopped at %s, %d of %d are in %s: %w", some[n].Name, len(done), len(entries), to.URI(), err)
		}
	}
	return done, nil
}

// carry puts the seeds of some entries, up to one that cannot be had or put, and gives
// how many it has put.
func carry(ctx context.Context, some []Entry, to Store, get func(Entry) (keys.Seed, error)) (done int, err error) {
	var seeds []Named
	defer func() {
		for _, n := range seeds {
			n.Seed.Wipe()
		}
	}()
	for _, e := range some {
		seed, failed := matching(ctx, e, get)
		if err = failed; err != nil {
			break
		}
		seeds = append(seeds, Named{Name: e.Name, Seed: seed})
	}
	if len(seeds) > 0 {
		if failed := PutAll(ctx, to, seeds, func() { done++ }); failed != nil {
			return done, failed
		}
	}
	return done, err
}

// matching is the seed of an entry, which must give its public key.
func matching(ctx context.Context, e Entry, get func(Entry) (keys.Seed, error)) (keys.Seed, error) {
	if err := ctx.Err(); err != nil {
		return keys.Seed{}, err
	}
	seed, err := get(e)
	if err == nil {
		err = store.Match(e.Name, seed.PublicKey(), e.PublicKey)
	}
	if err != nil {
		seed.Wipe()
		return keys.Seed{}, err
	}
	return seed, nil
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
