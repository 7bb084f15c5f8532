package keyscmd

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keystore"
)

type deleteOptions struct {
	name  string
	force bool
}

func newDelete(a verbs) *cobra.Command {
	var o deleteOptions
	c := &cobra.Command{
		Use:   "delete NAME",
		Short: "Delete a key from the keystore",
		Long: `Deletes a seed from the keystore for good; it cannot be made again. Only a nats:
keystore keeps its revisions until latch keystore purge, and latch keystore restore
brings it back. On a terminal latch asks first, elsewhere it needs --yes.

A key that a manifest needs is not deleted: hosts sign with it or log in to NATS with
it, every host accepts it, or a rotation may go back to it. latch looks at the
manifest in use, at those in the folder tree that name the same keystore, and at
those that are published in it. --force deletes the key anyway, and latch says what
breaks.`,
		Example:           "  latch keys delete prod-cluster\n  latch keys delete prod-cluster --yes",
		Args:              app.Exactly("NAME"),
		ValidArgsFunction: a.CompleteKeyNames,
		RunE: func(c *cobra.Command, args []string) error {
			o.name = args[0]
			return a.delete(c.Context(), o)
		},
	}
	c.Flags().BoolVar(&o.force, "force", false, "delete the key even if a manifest needs it")
	return c
}

func (a verbs) delete(ctx context.Context, o deleteOptions) error {
	if err := keystore.CheckName(o.name); err != nil {
		return err
	}
	store, err := a.Keystore()
	if err != nil {
		return err
	}
	entry, err := app.FindKey(ctx, store, o.name)
	if err != nil {
		return err
	}
	l := loss{store: store, entry: entry, force: o.force}
	if err := a.checkUnused(ctx, l); err != nil {
		return err
	}
	question := fmt.Sprintf("Delete the seed of %s (%s) from %s for good?", o.name, entry.PublicKey, store.URI())
	if _, keeps := store.(*keystore.Bucket); keeps {
		question = fmt.Sprintf("Delete the seed of %s (%s) from %s? Its revisions stay until latch keystore purge.", o.name, entry.PublicKey, store.URI())
	}
	if err := a.Confirm(ctx, question); err != nil {
		return err
	}
	if err := a.takeAway(ctx, l, func() error { return a.Change(func() error { return store.Delete(ctx, o.name, entry.PublicKey) }) }); err != nil {
		return err
	}
	doc := app.DescribeKey(entry)
	return a.ShowDone(doc, func(w io.Writer) { fmt.Fprintf(w, "deleted %s %s\n", doc.Name, doc.PublicKey) })
}
