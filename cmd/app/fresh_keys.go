package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/safefile"
)

// FreshKeys are keys that are to be stored together with a change of the
// manifest: all of them and the change, or nothing.
type FreshKeys struct {
	Names []string
	Seeds []keys.Seed
	// InPlaceOf gives for the name of a key that of the key that it is to replace.
	InPlaceOf map[string]string
}

// FreshIssuer makes a cluster key and the issuer for it.
func (a *App) FreshIssuer(fresh *FreshKeys, name string) (lattice.Issuer, error) {
	if err := keystore.CheckName(name); err != nil {
		return lattice.Issuer{}, err
	}
	seed, err := keys.Generate(keys.Cluster, a.Sys.Random)
	if err != nil {
		return lattice.Issuer{}, err
	}
	fresh.Names = append(fresh.Names, name)
	fresh.Seeds = append(fresh.Seeds, seed)
	created := a.Sys.Now().UTC().Truncate(time.Second)
	return lattice.Issuer{Name: name, PublicKey: seed.PublicKey(), Created: created}, nil
}

// CheckStores refuses new keys of these names where the store can only be read. Their
// seeds are to be handed in as variables, and commands take their public keys; without
// any, the same command does.
func CheckStores(store keystore.Store, names []string, commands ...string) error {
	if len(names) == 0 || !keystore.HandedIn(store) {
		return nil
	}
	how, then := "make the key with latch keys gen cluster, keep its seed as the secret variable ", "give its public key"
	if len(names) > 1 {
		how, then = "make each key with latch keys gen cluster, keep the seeds as the secret variables ", "give their public keys"
	}
	if then += ":\n" + strings.Join(commands, "\n"); len(commands) == 0 {
		then = "type the same again"
	}
	var variables []string
	for _, name := range names {
		variables = append(variables, keystore.SeedVariable(name))
	}
	return fault.New(fault.ReadOnly, "%s can only be read: no new key can be stored there", store.URI()).
		WithHint("%s%s, and %s", how, strings.Join(variables, ", "), then)
}

// Commit stores the keys, then saves the manifest. A manifest without its seeds
// would be a lattice nobody can start, seeds without a manifest only wait to be
// used: hence the order. If anything fails, what was stored is taken back.
func (f FreshKeys) Commit(ctx context.Context, store keystore.Store, file *lattice.Document) error {
	return f.CommitWith(ctx, store, file.Save, func() {})
}

// CommitWith is Commit where more than the manifest is to be saved. stored is called
// for each key.
func (f FreshKeys) CommitWith(ctx context.Context, store keystore.Store, save func(context.Context) error, stored func()) error {
	own, err := f.store(ctx, store, stored)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		if err = save(ctx); errors.Is(err, safefile.ErrInPlace) {
			return err // what names the keys is there, or may come to be: they stay
		}
	}
	if err != nil {
		return errors.Join(err, f.takeBack(store, own))
	}
	return nil
}

// Store puts all keys into the store, or none.
func (f FreshKeys) Store(ctx context.Context, store keystore.Store, stored func()) error {
	own, err := f.store(ctx, store, stored)
	if err != nil {
		return errors.Join(err, f.takeBack(store, own))
	}
	return nil
}

// store puts all keys into the store, and gives which of them it has put there: what
// somebody else has stored meanwhile is not ours to take back.
func (f FreshKeys) store(ctx context.Context, store keystore.Store, stored func()) (own []int, err error) {
	all, had := make([]keystore.Named, len(f.Names)), map[int]bool{}
	for i, name := range f.Names {
		all[i] = keystore.Named{Name: name, Seed: f.Seeds[i], InPlaceOf: f.InPlaceOf[name], Had: func() { had[i] = true }}
	}
	done := 0
	err = keystore.PutAll(ctx, store, all, func() { done++; stored() })
	for i := range done {
		if !had[i] {
			own = append(own, i)
		}
	}
	return own, err
}

// Wipe overwrites the seeds in memory.
func (f FreshKeys) Wipe() {
	for _, seed := range f.Seeds {
		seed.Wipe()
	}
}

// takeBack deletes the keys of these numbers, which a failed change stored. It does not
// heed an interrupt: that may be what made the change fail.
func (f FreshKeys) takeBack(store keystore.Store, own []int) error {
	var failed []error
	for _, i := range own {
		name := f.Names[i]
		if err := store.Delete(context.Background(), name, f.Seeds[i].PublicKey()); err != nil {
			failed = append(failed, fmt.Errorf("failed to remove the new key %s from %s again: %w", name, store.URI(), err))
		}
	}
	return errors.Join(failed...)
}

// SaveWithKeys saves the manifest, and opens the keystore only if there are keys
// to store.
func (a *App) SaveWithKeys(ctx context.Context, file *lattice.Document, fresh FreshKeys) error {
	if len(fresh.Names) == 0 {
		return a.Change(func() error { return file.Save(ctx) })
	}
	store, err := a.Keystore()
	if err != nil {
		return err
	}
	return a.Change(func() error { return fresh.Commit(ctx, store, file) })
}
