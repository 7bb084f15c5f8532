package cmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
)

// keystoreURI is the keystore to use and where that was said: a flag, a
// variable, the manifest in reach, the settings file, or the default.
func (a *app) keystoreURI() (uri, origin string, err error) {
	s, err := a.settings()
	if err != nil {
		return "", "", err
	}
	origin = s.origin("keystore")
	if strings.HasPrefix(origin, "flag") || strings.HasPrefix(origin, "env") {
		return s.Keystore, origin, nil
	}
	doc := a.read
	if doc == nil {
		doc, err = lattice.Load(s.Manifest)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return s.Keystore, origin, nil
	}
	if err != nil {
		return "", "", fault.Hint(err, "mend the manifest, or name the keystore with --keystore")
	}
	if named := doc.Manifest().Keystore; named != "" {
		return named, "manifest " + s.Manifest, nil
	}
	return s.Keystore, origin, nil
}

// keystore opens the keystore to use. A relative folder in the manifest is
// relative to the manifest.
func (a *app) keystore() (keystore.Store, error) {
	uri, origin, err := a.keystoreURI()
	if err != nil {
		return nil, err
	}
	return a.openKeystore(uri, a.keystoreBase(origin))
}

// keystoreBase is where a relative folder in a keystore's URI starts.
func (a *app) keystoreBase(origin string) string {
	if strings.HasPrefix(origin, "manifest") {
		return filepath.Dir(a.loaded.Manifest)
	}
	return "."
}

func (a *app) openKeystore(uri, base string) (keystore.Store, error) {
	unlock, err := a.unlock()
	if err != nil {
		return nil, err
	}
	return keystore.Open(uri, keystore.Deps{
		Unlock:   unlock,
		Environ:  a.sys.Environ,
		Now:      a.sys.Now,
		IndexDir: a.sys.dataDir(),
		BaseDir:  base,
	})
}

// find looks a key up without unlocking anything where the store has an index.
func find(ctx context.Context, store keystore.Store, name string) (keystore.Entry, error) {
	entries, err := store.List(ctx)
	if entry, found := entryNamed(entries, name); found {
		return entry, nil
	}
	if err != nil {
		return keystore.Entry{}, err
	}
	return keystore.Entry{}, withNames(fmt.Errorf("no key named %s in %s: %w", name, store.URI(), keystore.ErrNotFound), store.URI())
}

// withNames adds to "not found" how to see what there is.
func withNames(err error, uri string) error {
	if kindOf(err) != fault.NotFound {
		return err
	}
	return fault.Hint(err, "latch keys list --keystore %s", uri)
}

func entryNamed(entries []keystore.Entry, name string) (keystore.Entry, bool) {
	for _, e := range entries {
		if e.Name == name {
			return e, true
		}
	}
	return keystore.Entry{}, false
}
