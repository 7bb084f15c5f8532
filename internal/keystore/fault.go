package keystore

import (
	"errors"
	"fmt"

	"github.com/latch-keys/latch/internal/keys"
)

// The ways in which a store fails, for errors.Is.
var (
	ErrNotFound    = errors.New("no such key")
	ErrExists      = errors.New("the name is taken")
	ErrReadOnly    = errors.New("the keystore is read only")
	ErrUnavailable = errors.New("the keystore is unavailable")
	ErrLocked      = errors.New("the keystore is locked")
	ErrCorrupt     = errors.New("the stored key is corrupt")
	ErrName        = errors.New("not a name for a key")
	ErrURI         = errors.New("not a keystore URI")
)

// fault is a failure of one kind, with its remedy.
type fault struct {
	kind    error // one of the above
	message string
	hint    string
	cause   error // may be nil
}

func (f *fault) Error() string {
	if f.cause == nil {
		return f.message
	}
	return f.message + ": " + f.cause.Error()
}

func (f *fault) Hint() string { return f.hint }

func (f *fault) Is(target error) bool { return target == f.kind }

func (f *fault) Unwrap() error { return f.cause }

func notFound(name, uri string) error {
	return &fault{
		kind:    ErrNotFound,
		message: fmt.Sprintf("there is no key named %q in %s", name, uri),
		hint:    "see which there are: latch keys list",
	}
}

func taken(name string, by keys.PublicKey) error {
	return &fault{
		kind:    ErrExists,
		message: fmt.Sprintf("the name %q is taken by another key, %s", name, by),
		hint:    "choose another name; a stored seed is never replaced",
	}
}

func occupied(name string) error {
	return &fault{
		kind:    ErrExists,
		message: fmt.Sprintf("the name %q is taken by another key", name),
		hint:    "choose another name; a stored seed is never replaced",
	}
}

// corrupt names what does not hold the seed it should. cause must not repeat
// what was found there.
func corrupt(where string, cause error) error {
	f := &fault{kind: ErrCorrupt, message: where + " does not hold a valid seed", cause: cause}
	var hinted interface{ Hint() string }
	if errors.As(cause, &hinted) {
		f.hint = hinted.Hint()
	}
	return f
}

// confirm compares a seed read back with the one that was written.
func confirm(where string, got keys.Seed, err error, want keys.PublicKey) error {
	if err != nil {
		return fmt.Errorf("failed to read back the seed just written: %w", err)
	}
	defer got.Wipe()
	return match(where, got.PublicKey(), want)
}

func match(where string, got, want keys.PublicKey) error {
	if got == want {
		return nil
	}
	return &fault{kind: ErrCorrupt, message: fmt.Sprintf("%s holds the seed of %s, not that of %s", where, got, want)}
}
