package cmd

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
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
	if err := keys.CheckName(o.name); err != nil {
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

// find looks a key up without unlocking anything where the store has an index.
func find(ctx context.Context, store keystore.Store, name string) (keystore.Entry, error) {
	entries, err := store.List(ctx)
	if entry, found := entryNamed(entries, name); found {
		return entry, nil
	}
	if err != nil {
		return keystore.Entry{}, err
	}
	return keystore.Entry{}, withNames(fault.New(fault.NotFound, "%s has no key named %q", store.URI(), name), store.URI())
}

// withNames adds to "not found" how to see what there is.
func withNames(err error, uri string) error {
	if classify(err).code != "not_found" {
		return err
	}
	return withHint(err, "latch keys list --keystore %s", uri)
}

// completeKeyNames offers the names in the keystore, for shells.
func (a *app) completeKeyNames(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	store, err := a.keystore()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	entries, _ := store.List(c.Context())
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, e.Name+"\t"+e.PublicKey.String())
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
