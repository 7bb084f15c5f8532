package store

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
)

var (
	// ErrNoKey is how a medium says that nothing has a name. Stores say it with
	// NotFound.
	ErrNoKey = errors.New("no such key")
	// ErrCorrupt matches errors of what is stored and is not what it should be.
	ErrCorrupt = errors.New("the stored key is corrupt")
	// ErrForOthers matches errors of a seed that is encrypted to others on purpose: no
	// identity at hand is meant to open it.
	ErrForOthers = errors.New("it is encrypted to others")
)

// ErrNoPlace is the cause where a store is yet to be made. It matches
// fs.ErrNotExist, so that who is about to store the first key can take it for an
// empty store.
var ErrNoPlace error = noPlace{}

type noPlace struct{}

func (noPlace) Error() string { return "it does not exist" }

func (noPlace) Is(target error) bool { return target == fs.ErrNotExist }

// damage is an error that matches ErrCorrupt.
type damage struct{ told *fault.Error }

func (d damage) Error() string { return d.told.Error() }

func (d damage) Unwrap() error { return d.told }

func (damage) Is(target error) bool { return target == ErrCorrupt }

// Damaged makes an error of what is stored match ErrCorrupt.
func Damaged(told *fault.Error) error { return damage{told} }

// Corrupt names what does not hold the seed it should. cause must not repeat
// what was found there.
func Corrupt(where string, cause error) error {
	return Damaged(fault.New(fault.Failed, "%s does not hold a valid seed", where).Because(cause))
}

// NotFound says which key is missing from which store.
func NotFound(name, uri string) error {
	return fault.New(fault.NotFound, "there is no key named %q in %s", name, uri).
		WithHint("see which there are: latch keys list")
}

// Taken says that a name holds another key.
func Taken(name string, by keys.PublicKey) error {
	return fault.New(fault.Exists, "the name %q is taken by another key, %s", name, by).
		WithHint("choose another name; a stored seed is never replaced")
}

func occupied(name string) error {
	return fault.New(fault.Exists, "the name %q is taken by another key", name).
		WithHint("choose another name; a stored seed is never replaced")
}

// Clash says that two names differ by case only.
func Clash(name, other string) error {
	return fault.New(fault.Exists, "the name %q differs from %q, which is taken, only by case", name, other).
		WithHint("choose another name")
}

// clash reports a name already taken that differs from name by case only:
// files on Windows and macOS, and readers, would confuse the two.
func clash(name string, taken []string) error {
	for _, other := range taken {
		if other != name && strings.EqualFold(other, name) {
			return Clash(name, other)
		}
	}
	return nil
}

// exchanged says that a name no longer holds what the person has seen.
func exchanged(name, uri string, seen, now keys.PublicKey) error {
	return fault.New(fault.Refused, "%q in %s is %s now, not %s; nothing was changed", name, uri, spelled(now), spelled(seen)).
		WithHint("look again: latch keys get %s", name)
}

func spelled(public keys.PublicKey) string {
	if public.IsZero() {
		return "a seed that cannot be read"
	}
	return public.String()
}

// Confirm compares a seed read back with the one that was written.
func Confirm(where string, got keys.Seed, err error, want keys.PublicKey) error {
	if err != nil {
		return fmt.Errorf("failed to read back the seed just written: %w", err)
	}
	defer got.Wipe()
	return Match(where, got.PublicKey(), want)
}

// Match compares public keys; where names what holds the seed.
func Match(where string, got, want keys.PublicKey) error {
	if got == want {
		return nil
	}
	return Damaged(fault.New(fault.Failed, "%s holds the seed of %s, not that of %s", where, got, want))
}

// KnownKey is what a session tells of a seed that it has tried to read: the zero
// key where that is corrupt.
func KnownKey(public keys.PublicKey, err error) (keys.PublicKey, error) {
	if errors.Is(err, ErrCorrupt) {
		return keys.PublicKey{}, nil
	}
	return public, err
}
