package store

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/keys"
)

// Entry is what is known of a stored seed without its secret.
type Entry struct {
	Name      string
	PublicKey keys.PublicKey
	Created   time.Time // in UTC; zero where the store does not know
}

// Store keeps seeds by name. Its errors are of the kinds fault.NotFound,
// Exists, ReadOnly, Unavailable, Locked, Refused and Usage, or match ErrCorrupt;
// those that have a remedy carry it.
type Store interface {
	// URI is how the store was chosen.
	URI() string
	// List gives the entries by name. With an error it still gives those that
	// it could make out; the error then names the others.
	List(ctx context.Context) ([]Entry, error)
	// Get gives the seed, for the caller to wipe.
	Get(ctx context.Context, name string) (keys.Seed, error)
	// Put stores a seed under a new name: fault.Exists where the name, in any
	// case, holds a different one. Putting the same seed again changes nothing.
	// The seed stays the caller's to wipe.
	Put(ctx context.Context, name string, seed keys.Seed) error
	// Rename gives the seed of that public key another name, without unlocking
	// it: fault.Refused where the name holds another seed by now, fault.Exists
	// where the new name, in any case, is taken by another key. To its own name
	// it changes nothing; to another case of it, the case.
	Rename(ctx context.Context, from, to string, public keys.PublicKey) error
	// Delete removes the seed of that public key for good, and makes sure that
	// it is gone: fault.Refused where the name holds another seed by now. The
	// zero key stands for a seed whose public key the store cannot tell.
	Delete(ctx context.Context, name string, public keys.PublicKey) error
}

// Finder is a store that has its keys by more names than it lists.
type Finder interface {
	// Find gives the entry of any of a key's names, under that name.
	Find(ctx context.Context, name string) (Entry, error)
}

// Medium is a place for seeds: what differs between stores.
type Medium interface {
	List(ctx context.Context) ([]Entry, error)
	// Read gives a seed, for the caller to wipe: ErrNoKey where there is none.
	Read(ctx context.Context, name string) (keys.Seed, error)
	// Lock keeps other processes from changing the store until the session is
	// released. making: make the store where it is missing.
	Lock(ctx context.Context, making bool) (Session, error)
}

// Session is a locked medium, and what may be done to it only while it is.
type Session interface {
	// Names lists every name taken, also those whose seed is corrupt.
	Names(ctx context.Context) ([]string, error)
	// PublicKey is that of the seed under a name, as far as it can be told
	// without asking anybody; the zero key where it cannot, ErrNoKey where
	// nothing has the name.
	PublicKey(ctx context.Context, name string) (keys.PublicKey, error)
	// Write stores under a new name, reads back and compares (see Confirm)
	// before it counts as stored.
	Write(ctx context.Context, name string, seed keys.Seed) error
	// Rename moves to a name that is free, or differs by case only; at once, so
	// that whatever cuts it short, the seed has one of the two names.
	Rename(ctx context.Context, from, to string) error
	// Remove removes a seed and makes sure that it is gone.
	Remove(ctx context.Context, name string) error
	Release()
}

// Sort puts entries in the order in which stores list them.
func Sort(entries []Entry) {
	slices.SortFunc(entries, func(a, b Entry) int { return strings.Compare(a.Name, b.Name) })
}
