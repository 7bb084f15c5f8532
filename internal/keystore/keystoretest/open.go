package keystoretest

import (
	"errors"
	"os"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// Open opens a store, whose clock is the real one unless deps has another.
func Open(t testing.TB, uri string, deps keystore.Deps) keystore.Store {
	t.Helper()
	if deps.Now == nil {
		deps.Now = time.Now
	}
	store, err := keystore.Open(uri, deps)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// Write makes a private file.
func Write(t testing.TB, path, data string) {
	t.Helper()
	Must(t, os.WriteFile(path, []byte(data), 0o600))
}

// Must ends the test where something went wrong that is not what it is about.
func Must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Corrupt reports an error of what is stored and is not what it should be.
func Corrupt(err error) bool { return errors.Is(err, store.ErrCorrupt) }

// Public is the public key that a store lists a name with, the zero key where it
// does not.
func Public(t testing.TB, in keystore.Store, name string) keys.PublicKey {
	t.Helper()
	entries, _ := in.List(t.Context())
	for _, e := range entries {
		if e.Name == name {
			return e.PublicKey
		}
	}
	return keys.PublicKey{}
}

// Delete deletes what a store lists under a name.
func Delete(t testing.TB, in keystore.Store, name string) error {
	t.Helper()
	return in.Delete(t.Context(), name, Public(t, in, name))
}

// ReadSeed reads a seed that a test has written for another process of its own.
func ReadSeed(path string) keys.Seed {
	text, err := os.ReadFile(path)
	if err != nil {
		panic(err)
	}
	seed, err := keys.ParseSeed(text, keys.AnyKind)
	if err != nil {
		panic(err)
	}
	return seed
}
