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
	name         string
	seed, reveal bool
}

func newGet(a verbs) *cobra.Command {
	var o getOptions
	c := &cobra.Command{
		Use:   "get NAME",
		Short: "Show a key, or print its seed",
		Long: `Shows a key's public key, kind, keystore and age. With --seed it prints only the
seed, for use in a pipe. On a terminal the seed is masked unless you add --reveal.`,
		Example: "  latch keys get prod-cluster\n  latch keys get prod-cluster --seed | wc -c",
		Args:    app.Exactly("NAME"),
		RunE: func(c *cobra.Command, args []string) error {
			o.name = args[0]
			return a.get(c.Context(), o)
		},
	}
	c.Flags().BoolVar(&o.seed, "seed", false, "print only the seed, which is a secret")
	c.Flags().BoolVar(&o.reveal, "reveal", false, "show the seed on a terminal")
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
		return a.getSeed(ctx, store, o)
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

func (a verbs) getSeed(ctx context.Context, store keystore.Store, o getOptions) error {
	seed, err := a.Seed(ctx, store, o.name)
	if err != nil {
		return app.WithNames(ctx, err, store, o.name)
	}
	defer seed.Wipe()
	text := seed.Reveal()
	defer clear(text)
	doc := app.DescribeKey(keystore.Entry{Name: o.name, PublicKey: seed.PublicKey()})
	doc.Seed = string(text)
	return a.giveSeed(doc, text, o.reveal)
}

// giveSeed prints a seed that was asked for. On a terminal it is masked, unless that
// is asked for too.
func (a verbs) giveSeed(doc any, text []byte, reveal bool) error {
	show := func(w io.Writer) { fmt.Fprintf(w, "%s\n", text) }
	if a.Masks(reveal) {
		a.Say("The seed is masked; --reveal shows it.")
		return a.Show(doc, show)
	}
	if err := a.Reveal(doc, show); err != nil {
		return err
	}
	a.WarnIfReadable()
	return nil
}
