package keystore

import (
	"context"

	"github.com/latch-keys/latch/internal/keystore/store"
)

// CheckName reports whether a key can have the name, in every keystore. The
// error is of the kind fault.Usage.
func CheckName(name string) error { return store.CheckName(name) }

// Names gives the names of the keys alone, which is quick where there are many; those
// of a store that cannot tell them apart from its entries are taken from its list.
func Names(ctx context.Context, in Store) ([]string, error) {
	if quick, ok := in.(interface {
		Names(ctx context.Context) ([]string, error)
	}); ok {
		return quick.Names(ctx)
	}
	entries, err := in.List(ctx)
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name
	}
	return names, err
}

// Named is a seed and the name that it is stored under.
type Named = store.Named

// PutAll stores seeds under new names, one after another, and calls stored after each;
// at once where the store can. What was stored before a failure stays.
func PutAll(ctx context.Context, in Store, all []Named, stored func()) error {
	if quick, ok := in.(interface {
		PutAll(ctx context.Context, all []Named, stored func()) error
	}); ok {
		return quick.PutAll(ctx, all, stored)
	}
	for _, n := range all {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := in.Put(ctx, n.Name, n.Seed); err != nil {
			return err
		}
		stored()
	}
	return nil
}
