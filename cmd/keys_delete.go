package cmd

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/keystore"
)

func newKeysDelete(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "delete NAME",
		Short: "Delete a key from the keystore",
		Long: `Deletes a seed from the keystore, for good: nobody can make it again. It asks on
a terminal and needs --yes elsewhere.`,
		Example:           "  latch keys delete prod-cluster\n  latch keys delete prod-cluster --yes",
		Args:              exactly("NAME"),
		ValidArgsFunction: a.completeKeyNames,
		RunE:              func(c *cobra.Command, args []string) error { return a.keysDelete(c.Context(), args[0]) },
	}
}

func (a *app) keysDelete(ctx context.Context, name string) error {
	if err := keystore.CheckName(name); err != nil {
		return err
	}
	store, err := a.keystore()
	if err != nil {
		return err
	}
	entry, err := find(ctx, store, name)
	if err != nil {
		return err
	}
	question := fmt.Sprintf("Delete the seed of %s (%s) from %s for good?", name, entry.PublicKey, store.URI())
	if err := a.confirm(ctx, question); err != nil {
		return err
	}
	if err := store.Delete(ctx, name); err != nil {
		return err
	}
	doc := describe(entry)
	return a.show(doc, func(w io.Writer) { fmt.Fprintf(w, "deleted %s %s\n", doc.Name, doc.PublicKey) })
}
