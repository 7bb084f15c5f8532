package keystore

import (
	"context"
	"time"

	"github.com/latch-keys/latch/internal/keys"
)

// Entry is what is known of a stored seed without its secret.
type Entry struct {
	Name      string
	PublicKey keys.PublicKey
	Created   time.Time // in UTC; zero where the store does not know
}

// Store keeps seeds by name. Errors match ErrNotFound, ErrExists, ErrReadOnly,
// ErrUnavailable, ErrLocked, ErrCorrupt and ErrName with errors.Is; those that
// have a remedy carry it in Hint().
type Store interface {
	// URI is how the store was chosen.
	URI() string
	// List gives the entries by name. With an error it still gives those that
	// it could make out; the error then names the others.
	List(ctx context.Context) ([]Entry, error)
	// Get gives the seed, for the caller to wipe.
	Get(ctx context.Context, name string) (keys.Seed, error)
	// Put stores a seed under a new name: ErrExists where the name, in any
	// case, holds a different one. Putting the same seed again changes nothing.
	// The seed stays the caller's to wipe.
	Put(ctx context.Context, name string, seed keys.Seed) error
	// Rename gives a seed another name, without unlocking it: ErrExists where
	// the new name, in any case, is taken by another key. To its own name it
	// changes nothing; to another case of it, the case.
	Rename(ctx context.Context, from, to string) error
	// Delete removes the seed for good.
	Delete(ctx context.Context, name string) error
}

// medium is a place that can be written: what differs between stores. Package
// code around it, see guarded, is what they share.
type medium interface {
	list(ctx context.Context) ([]Entry, error)
	// lock keeps other processes from changing the store until release. making:
	// make the store where it is missing.
	lock(ctx context.Context, making bool) (release func(), err error)
	// names lists every name taken, also those whose seed is corrupt.
	names(ctx context.Context) ([]string, error)
	read(ctx context.Context, name string) (keys.Seed, error)
	// write stores under a new name, reads back and compares (see confirm)
	// before it counts as stored.
	write(ctx context.Context, name string, seed keys.Seed) error
	// rename moves to a name that is free, or differs by case only; at once, so
	// that whatever cuts it short, the seed has one of the two names.
	rename(ctx context.Context, from, to string) error
	remove(ctx context.Context, name string) error
}
