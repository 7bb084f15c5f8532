package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
)

// Guarded is a store that can be written: a medium, and around it the rules
// that hold for all of them.
type Guarded struct {
	uri    string
	medium Medium
}

// Guard makes a medium a store.
func Guard(uri string, medium Medium) *Guarded { return &Guarded{uri: uri, medium: medium} }

// URI is how the store was chosen.
func (g *Guarded) URI() string { return g.uri }

// List gives the entries by name.
func (g *Guarded) List(ctx context.Context) ([]Entry, error) {
	entries, err := g.medium.List(ctx)
	Sort(entries)
	return entries, err
}

// Names gives the names alone, from files without reading them; sorted.
func (g *Guarded) Names(ctx context.Context) ([]string, error) {
	var names []string
	var err error
	if files, ok := g.medium.(interface {
		Names(ctx context.Context) ([]string, error)
	}); ok {
		names, err = files.Names(ctx)
	} else {
		var entries []Entry
		entries, err = g.medium.List(ctx)
		for _, e := range entries {
			names = append(names, e.Name)
		}
	}
	slices.Sort(names)
	return names, err
}

// Get gives the seed, for the caller to wipe.
func (g *Guarded) Get(ctx context.Context, name string) (keys.Seed, error) {
	if err := CheckName(name); err != nil {
		return keys.Seed{}, err
	}
	seed, err := g.medium.Read(ctx, name)
	return seed, g.named(name, err)
}

// named says which key is missing from which store.
func (g *Guarded) named(name string, err error) error {
	if err == ErrNoKey { //nolint:errorlint // a wrapped one has said it already
		return NotFound(name, g.uri)
	}
	return err
}

// Put stores a seed under a new name.
func (g *Guarded) Put(ctx context.Context, name string, seed keys.Seed) error {
	return g.PutAll(ctx, []Named{{Name: name, Seed: seed}}, func() {})
}

// Named is a seed and the name that it is stored under.
type Named struct {
	Name string
	Seed keys.Seed
	// InPlaceOf is the name of the key that it is to replace: where keys are encrypted
	// to some only, it is to the same. "" for none.
	InPlaceOf string
	// Had is called where the name holds that very seed already: somebody else has
	// stored it. nil: nobody asks.
	Had func()
}

func (n Named) had() {
	if n.Had != nil {
		n.Had()
	}
}

// PutAll stores seeds as Put does, one after another, under one lock, and calls
// stored after each; by one change where the medium can. What was stored before a
// failure stays.
func (g *Guarded) PutAll(ctx context.Context, all []Named, stored func()) error {
	for _, n := range all {
		if err := CheckName(n.Name); err != nil {
			return err
		}
		if n.Seed.IsZero() {
			return fmt.Errorf("failed to store %q: there is no seed", n.Name)
		}
	}
	session, err := g.medium.Lock(ctx, true)
	if err != nil {
		return err
	}
	defer session.Release()
	names, err := session.Names(ctx)
	if err != nil {
		return err
	}
	taken := taking{}
	for _, name := range names {
		taken[strings.ToLower(name)] = append(taken[strings.ToLower(name)], name)
	}
	if at, can := session.(Together); can {
		return g.putTogether(ctx, at, taken, all, stored)
	}
	for _, n := range all {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := g.put(ctx, session, taken, n); err != nil {
			return err
		}
		stored()
	}
	return nil
}

func (g *Guarded) put(ctx context.Context, session Session, taken taking, n Named) error {
	isNew, err := g.isNew(ctx, taken, n)
	if err == nil && !isNew {
		n.had()
	}
	if err != nil || !isNew {
		return err
	}
	if err := session.Write(ctx, n.Name, n.Seed); err != nil {
		return err
	}
	taken[strings.ToLower(n.Name)] = []string{n.Name}
	return nil
}

// taking are the names that are taken, by what they are in lower case.
type taking map[string][]string

// isNew makes sure that a seed may have its name, and reports false where it has it
// already.
func (g *Guarded) isNew(ctx context.Context, taken taking, n Named) (bool, error) {
	folded := strings.ToLower(n.Name)
	if err := clash(n.Name, taken[folded]); err != nil {
		return false, err
	}
	if !slices.Contains(taken[folded], n.Name) {
		return true, nil
	}
	stored, err := g.holds(ctx, n.Name, n.Seed.PublicKey())
	return !stored, err
}

// holds reports whether the seed is stored under the name already; fault.Exists
// where another one is. A name whose seed has gone may be filled again.
func (g *Guarded) holds(ctx context.Context, name string, want keys.PublicKey) (bool, error) {
	old, err := g.medium.Read(ctx, name)
	if fault.Is(err, fault.NotFound) || errors.Is(err, ErrNoKey) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer old.Wipe()
	if old.PublicKey() != want {
		return false, Taken(name, old.PublicKey())
	}
	return true, nil
}

// Rename gives a seed another name.
func (g *Guarded) Rename(ctx context.Context, from, to string, public keys.PublicKey) error {
	if err := errors.Join(CheckName(from), CheckName(to)); err != nil {
		return err
	}
	session, err := g.lockFor(ctx, from, public)
	if err != nil {
		return err
	}
	defer session.Release()
	names, err := session.Names(ctx)
	if err != nil {
		return err
	}
	at := slices.Index(names, from)
	if at < 0 {
		return NotFound(from, g.uri)
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
	return g.named(from, session.Rename(ctx, from, to))
}

// Delete removes the seed for good.
func (g *Guarded) Delete(ctx context.Context, name string, public keys.PublicKey) error {
	if err := CheckName(name); err != nil {
		return err
	}
	session, err := g.lockFor(ctx, name, public)
	if err != nil {
		return err
	}
	defer session.Release()
	return g.named(name, session.Remove(ctx, name))
}

// lockFor locks the store and makes sure that the name still holds the seed
// that the person has seen and confirmed.
func (g *Guarded) lockFor(ctx context.Context, name string, public keys.PublicKey) (Session, error) {
	session, err := g.medium.Lock(ctx, false)
	if err != nil {
		return nil, err
	}
	now, err := session.PublicKey(ctx, name)
	if err == nil && now != public {
		err = exchanged(name, g.uri, public, now)
	}
	if err != nil {
		session.Release()
		return nil, g.named(name, err)
	}
	return session, nil
}
