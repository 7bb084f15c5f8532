package keyscmd

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keystore"
)

type getOptions struct {
	name string
	seed bool
}

func newGet(a verbs) *cobra.Command {
	var o getOptions
	c := &cobra.Command{
		Use:   "get NAME",
		Short: "Show a key, or print its seed",
		Long: `Shows a key's public key, kind, keystore and age. With --seed it prints only the
seed, for use in a pipe.`,
		Example: "  latch keys get prod-cluster\n  latch keys get prod-cluster --seed | wc -c",
		Args:    app.Exactly("NAME"),
		RunE: func(c *cobra.Command, args []string) error {
			o.name = args[0]
			return a.get(c.Context(), o)
		},
	}
	c.Flags().BoolVar(&o.seed, "seed", false, "print only the seed, which is a secret")
	c.ValidArgsFunction = a.CompleteKeyNames
	return c
}

func (a verbs) get(ctx context.Context, o getOptions) error {
	if err := keystore.CheckName(o.name); err != nil {
		return err
	}
	store, err := a.Keystore()
	if err != nil {
		return err
	}
	if o.seed {
		return a.getSeed(ctx, store, o.name)
	}
	entry, err := app.FindKey(ctx, store, o.name)
	if err != nil {
		return err
	}
	doc := app.DescribeKey(entry)
	doc.Keystore = store.URI()
	return a.Show(doc, func(w io.Writer) {
		printPair(w, doc.PublicKey, nil)
		fmt.Fprintf(w, "Name: %s\nKind: %s\nKeystore: %s\n", doc.Name, doc.Kind, doc.Keystore)
		if doc.Created != nil {
			fmt.Fprintf(w, "Created: %s\n", doc.CreatedText())
		}
	})
}

func (a verbs) getSeed(ctx context.Context, store keystore.Store, name string) error {
	seed, err := store.Get(ctx, name)
	if err != nil {
		return app.WithNames(ctx, err, store, name)
	}
	defer seed.Wipe()
	text := seed.Reveal()
	defer clear(text)
	doc := app.DescribeKey(keystore.Entry{Name: name, PublicKey: seed.PublicKey()})
	doc.Seed = string(text)
	if err := a.Reveal(doc, func(w io.Writer) { fmt.Fprintf(w, "%s\n", text) }); err != nil {
		return err
	}
	a.WarnIfReadable()
	return nil
}
