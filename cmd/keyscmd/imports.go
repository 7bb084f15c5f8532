package keyscmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
)

// seedImport is one seed that is to be imported, or why it cannot be.
type seedImport struct {
	name    string
	where   string // the file it came from
	seed    keys.Seed
	mended  string // what was put right, "" for nothing
	there   bool   // the store holds it already, under this name
	problem error
}

type imports []*seedImport

func (all imports) wipe() {
	for _, a := range all {
		a.seed.Wipe()
	}
}

func (all imports) bad() imports {
	var bad imports
	for _, a := range all {
		if a.problem != nil {
			bad = append(bad, a)
		}
	}
	return bad
}

// compare finds, before anything is stored, what is there already and whose name
// is taken.
func (all imports) compare(ctx context.Context, store keystore.Store) error {
	entries, err := store.List(ctx)
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // a folder that is not there yet will be made
		return err
	}
	names := map[string]string{}
	for _, a := range all {
		if a.problem != nil {
			continue
		}
		if other, twice := names[a.name]; twice {
			a.problem = fmt.Errorf("the name %s is also that of %s", a.name, other)
			continue
		}
		names[a.name] = a.where
		known, found := app.EntryNamed(entries, a.name)
		switch {
		case found && known.PublicKey == a.seed.PublicKey():
			a.there = true
		case found:
			a.problem = fault.New(fault.Exists, "the name %s is taken by another key, %s", a.name, known.PublicKey).WithHint("choose another with --name")
		}
	}
	return nil
}

// refusePublished makes problems of seeds that anyone can sign with.
func (all imports) refusePublished() {
	for _, one := range all {
		note, open := inPublic(one.seed.PublicKey())
		if one.problem == nil && open {
			one.problem = fault.New(fault.Refused, "%s", note).WithHint("make a key of your own: latch keys gen cluster; or, to try things out, add --published")
		}
	}
}

// mended are those that were put right.
func (all imports) mended() imports {
	var mended imports
	for _, one := range all {
		if one.problem == nil && one.mended != "" && !one.there {
			mended = append(mended, one)
		}
	}
	return mended
}

// store puts in what is good and new. If that fails, what was put is taken back.
func (all imports) store(ctx context.Context, store keystore.Store) error {
	var fresh app.FreshKeys
	for _, a := range all {
		if a.problem == nil && !a.there {
			fresh.Names = append(fresh.Names, a.name)
			fresh.Seeds = append(fresh.Seeds, a.seed)
		}
	}
	return fresh.Store(ctx, store, func() {})
}

func (a *seedImport) describe() importedDocument {
	if a.problem != nil {
		return importedDocument{Name: a.name, From: a.where, State: "not imported", Problem: a.problem.Error()}
	}
	doc := importedDocument{Name: a.name, From: a.where, Kind: a.seed.Kind().String(), PublicKey: a.seed.PublicKey().String(), State: "imported"}
	if a.there {
		doc.State = "already there"
	}
	return doc
}
