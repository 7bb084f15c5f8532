package cmd

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/keystore"
)

type keysGetOptions struct {
	name string
	seed bool
}

func newKeysGet(a *app) *cobra.Command {
	var o keysGetOptions
	c := &cobra.Command{
		Use:   "get NAME",
		Short: "A key's public key and what is known of it, or its seed",
		Long: `Prints a key's public key and what is known of it. --seed prints the seed alone
instead, for a pipe.`,
		Example: "  latch keys get prod-cluster\n  latch keys get prod-cluster --seed | wc -c",
		Args:    exactly("NAME"),
		RunE: func(c *cobra.Command, args []string) error {
			o.name = args[0]
			return a.keysGet(c.Context(), o)
		},
	}
	c.Flags().BoolVar(&o.seed, "seed", false, "print the seed alone: it is a secret")
	c.ValidArgsFunction = a.completeKeyNames
	return c
}

func (a *app) keysGet(ctx context.Context, o keysGetOptions) error {
	if err := keystore.CheckName(o.name); err != nil {
		return err
	}
	store, err := a.keystore()
	if err != nil {
		return err
	}
	if o.seed {
		return a.keysGetSeed(ctx, store, o.name)
	}
	entry, err := find(ctx, store, o.name)
	if err != nil {
		return err
	}
	doc := describe(entry)
	doc.Keystore = store.URI()
	return a.show(doc, func(w io.Writer) {
		printPair(w, doc.PublicKey, nil)
		fmt.Fprintf(w, "Name: %s\nKind: %s\nKeystore: %s\n", doc.Name, doc.Kind, doc.Keystore)
		if doc.Created != nil {
			fmt.Fprintf(w, "Created: %s\n", doc.created())
		}
	})
}

func (a *app) keysGetSeed(ctx context.Context, store keystore.Store, name string) error {
	seed, err := store.Get(ctx, name)
	if err != nil {
		return withNames(err, store.URI())
	}
	defer seed.Wipe()
	text := seed.Reveal()
	defer clear(text)
	doc := describe(keystore.Entry{Name: name, PublicKey: seed.PublicKey()})
	doc.Seed = string(text)
	if err := a.show(doc, func(w io.Writer) { fmt.Fprintf(w, "%s\n", text) }); err != nil {
		return err
	}
	a.warnIfReadable()
	return nil
}
