package app

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
)

// KeysOf lists the keys in the store of a manifest that hosts have keys in already. A
// folder that is not there is refused, and not made: its name is misspelt, or the seeds
// are lost.
func (a *App) KeysOf(ctx context.Context, store keystore.Store, m lattice.Manifest) ([]keystore.Entry, error) {
	entries, err := store.List(ctx)
	if !errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(store.URI(), "dir:") {
		return entries, err
	}
	if len(m.Signers()) == 0 {
		return nil, nil
	}
	_, origin, err := a.KeystoreURI()
	if err != nil {
		return nil, err
	}
	return nil, fault.New(fault.Refused, "the keystore %s (%s) is not there, and hosts sign with keys that should be in it", store.URI(), strings.TrimSpace(origin)).
		WithHint("correct its name, or bring the folder back")
}
