package vault

import (
	"context"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// Store is the keystore in a mount of KV version 2.
type Store struct{ *store.Guarded }

// Options are what a store needs of the world around it.
type Options struct {
	Environ []string // which server, and who asks
	Now     func() time.Time
	Notice  func(message string) // nil: nobody listens
}

// New is the store at an address. It asks nothing of the server yet.
func New(uri string, at Address, o Options) *Store {
	return &Store{store.Guard(uri, &medium{at: at, around: o.Environ, now: o.Now, notice: o.Notice})}
}

// mostTries bounds how often a change is begun again since others came first.
const mostTries = 50

// again makes a change, from the start where somebody else made one meanwhile.
func (s *Store) again(ctx context.Context, change func() error) error {
	return store.Again(ctx, mostTries, s.URI(), errChanged, change)
}

// Put stores a seed under a new name.
func (s *Store) Put(ctx context.Context, name string, seed keys.Seed) error {
	return s.again(ctx, func() error { return s.Guarded.Put(ctx, name, seed) })
}

// PutAll stores seeds under new names, one after another.
func (s *Store) PutAll(ctx context.Context, all []store.Named, stored func()) error {
	done := 0
	return s.again(ctx, func() error { return s.Guarded.PutAll(ctx, all[done:], func() { done++; stored() }) })
}

// Rename gives a seed another name.
func (s *Store) Rename(ctx context.Context, from, to string, public keys.PublicKey) error {
	return s.again(ctx, func() error { return s.Guarded.Rename(ctx, from, to, public) })
}

// Delete removes a seed for good, with all its versions.
func (s *Store) Delete(ctx context.Context, name string, public keys.PublicKey) error {
	return s.again(ctx, func() error { return s.Guarded.Delete(ctx, name, public) })
}
