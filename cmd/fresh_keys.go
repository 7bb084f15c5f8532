package cmd

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
)

// freshKeys are cluster keys that are to be stored together with a change of the
// manifest: all of them and the change, or nothing.
type freshKeys struct {
	names []string
	seeds []keys.Seed
}

// freshIssuer makes a cluster key and the issuer for it.
func (a *app) freshIssuer(fresh *freshKeys, name string) (lattice.Issuer, error) {
	if err := keys.CheckName(name); err != nil {
		return lattice.Issuer{}, err
	}
	seed, err := keys.Generate(keys.Cluster, a.sys.Random)
	if err != nil {
		return lattice.Issuer{}, err
	}
	fresh.names = append(fresh.names, name)
	fresh.seeds = append(fresh.seeds, seed)
	created := a.sys.Now().UTC().Truncate(time.Second)
	return lattice.Issuer{Name: name, PublicKey: seed.PublicKey(), Created: created}, nil
}

// commit stores the keys, then saves the manifest. A manifest without its seeds
// would be a lattice nobody can start, seeds without a manifest only wait to be
// used: hence the order. If anything fails, what was stored is taken back.
func (f freshKeys) commit(ctx context.Context, store keystore.Store, file *lattice.Document) error {
	if err := f.store(ctx, store, func() {}); err != nil {
		return err
	}
	err := ctx.Err()
	if err == nil {
		err = file.Save(ctx)
	}
	if err != nil {
		return errors.Join(err, f.takeBack(store, len(f.names)))
	}
	return nil
}

// store puts all keys into the store, or none.
func (f freshKeys) store(ctx context.Context, store keystore.Store, stored func()) error {
	for i, name := range f.names {
		err := ctx.Err()
		if err == nil {
			err = store.Put(ctx, name, f.seeds[i])
		}
		if err != nil {
			return errors.Join(err, f.takeBack(store, i))
		}
		stored()
	}
	return nil
}

func (f freshKeys) wipe() {
	for _, seed := range f.seeds {
		seed.Wipe()
	}
}

// takeBack deletes the first n keys, which a failed change stored. It does not
// heed an interrupt: that may be what made the change fail.
func (f freshKeys) takeBack(store keystore.Store, n int) error {
	var failed []error
	for i, name := range f.names[:n] {
		if err := store.Delete(context.Background(), name, f.seeds[i].PublicKey()); err != nil {
			failed = append(failed, fmt.Errorf("the new key %s could not be taken back out of %s: %w", name, store.URI(), err))
		}
	}
	return errors.Join(failed...)
}
