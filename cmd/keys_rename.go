package cmd

import (
	"context"
	"fmt"
	"io"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/spf13/cobra"
)

func newKeysRename(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "rename OLD NEW",
		Short: "Give a key another name",
		Long: `Gives a key in the keystore another name. A manifest that names the key is not
changed; it finds the seed no more until its issuer is renamed too.`,
		Example:           "  latch keys rename adhoc prod-cluster",
		Args:              exactly("OLD", "NEW"),
		ValidArgsFunction: a.completeKeyNames,
		RunE:              func(c *cobra.Command, args []string) error { return a.keysRename(c.Context(), args[0], args[1]) },
	}
}

func (a *app) keysRename(ctx context.Context, from, to string) error {
	for _, name := range []string{from, to} {
		if err := keys.CheckName(name); err != nil {
			return err
		}
	}
	store, err := a.keystore()
	if err != nil {
		return err
	}
	entry, err := find(ctx, store, from)
	if err != nil {
		return err
	}
	if err := store.Rename(ctx, from, to, entry.PublicKey); err != nil {
		return err
	}
	if file, err := a.manifest(); err == nil {
		if issuer, named := file.Manifest().Issuer(from); named && issuer.PublicKey == entry.PublicKey {
			a.warn("%s names this key %s; give its issuer and the hosts that sign with it the new name", file.Path(), from)
		}
	}
	entry.Name = to
	return a.show(describe(entry), func(w io.Writer) { fmt.Fprintf(w, "renamed %s to %s\n", from, to) })
}
