package keystore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/keys"
)

// guarded is a store that can be written: a medium, and around it the rules
// that hold for all of them.
type guarded struct {
	uri    string
	medium medium
}

func (g *guarded) URI() string { return g.uri }

func (g *guarded) List(ctx context.Context) ([]Entry, error) {
	entries, err := g.medium.list(ctx)
	sortEntries(entries)
	return entries, err
}

func sortEntries(entries []Entry) {
	slices.SortFunc(entries, func(a, b Entry) int { return strings.Compare(a.Name, b.Name) })
}

func (g *guarded) Get(ctx context.Context, name string) (keys.Seed, error) {
	if err := CheckName(name); err != nil {
		return keys.Seed{}, err
	}
	seed, err := g.medium.read(ctx, name)
	return seed, g.named(name, err)
}

// named says which key is missing from which store.
func (g *guarded) named(name string, err error) error {
	if err == ErrNotFound { //nolint:errorlint // a wrapped one has said it already
		return notFound(name, g.uri)
	}
	return err
}

func (g *guarded) Put(ctx context.Context, name string, seed keys.Seed) error {
	if err := CheckName(name); err != nil {
		return err
	}
	if seed.IsZero() {
		return fmt.Errorf("failed to store %q: there is no seed", name)
	}
	release, err := g.medium.lock(ctx, true)
	if err != nil {
		return err
	}
	defer release()
	names, err := g.medium.names(ctx)
	if err != nil {
		return err
	}
	if err := clash(name, names); err != nil {
		return err
	}
	if slices.Contains(names, name) {
		stored, err := g.holds(ctx, name, seed.PublicKey())
		if stored || err != nil {
			return err
		}
	}
	return g.medium.write(ctx, name, seed)
}

// holds reports whether the seed is stored under the name already; ErrExists
// where another one is. A name whose seed has gone may be filled again.
func (g *guarded) holds(ctx context.Context, name string, want keys.PublicKey) (bool, error) {
	old, err := g.medium.read(ctx, name)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer old.Wipe()
	if old.PublicKey() != want {
		return false, taken(name, old.PublicKey())
	}
	return true, nil
}

func (g *guarded) Rename(ctx context.Context, from, to string) error {
	if err := errors.Join(CheckName(from), CheckName(to)); err != nil {
		return err
	}
	release, err := g.medium.lock(ctx, false)
	if err != nil {
		return err
	}
	defer release()
	names, err := g.medium.names(ctx)
	if err != nil {
		return err
	}
	at := slices.Index(names, from)
	if at < 0 {
		return notFound(from, g.uri)
	}
	if from == to {
		return nil
	}
	names = slices.Delete(names, at, at+1)
	if slices.Contains(names, to) {
		return occupied(to)
	}
	if err := clash(to, names); err != nil {
		return err
	}
	return g.named(from, g.medium.rename(ctx, from, to))
}

func (g *guarded) Delete(ctx context.Context, name string) error {
	if err := CheckName(name); err != nil {
		return err
	}
	release, err := g.medium.lock(ctx, false)
	if err != nil {
		return err
	}
	defer release()
	return g.named(name, g.medium.remove(ctx, name))
}
