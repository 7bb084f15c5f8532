package keyscmd

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keys"
)

func newRename(a verbs) *cobra.Command {
	return &cobra.Command{
		Use:   "rename OLD NEW",
		Short: "Give a key another name",
		Long: `Gives a key in the keystore another name. A manifest that names the key is not
changed; it finds the seed no more until its issuer is renamed too.`,
		Example:           "  latch keys rename adhoc prod-cluster",
		Args:              app.Exactly("OLD", "NEW"),
		ValidArgsFunction: a.CompleteKeyNames,
		RunE:              func(c *cobra.Command, args []string) error { return a.rename(c.Context(), args[0], args[1]) },
	}
}

func (a verbs) rename(ctx context.Context, from, to string) error {
	for _, name := range []string{from, to} {
		if err := keys.CheckName(name); err != nil {
			return err
		}
	}
	store, err := a.Keystore()
	if err != nil {
		return err
	}
	entry, err := app.FindKey(ctx, store, from)
	if err != nil {
		return err
	}
	if err := store.Rename(ctx, from, to, entry.PublicKey); err != nil {
		return err
	}
	if file, err := a.Manifest(); err == nil {
		if issuer, named := file.Manifest().Issuer(from); named && issuer.PublicKey == entry.PublicKey {
			a.Warn("%s names this key %s; give its issuer and the hosts that sign with it the new name", file.Path(), from)
		}
	}
	entry.Name = to
	return a.Show(app.DescribeKey(entry), func(w io.Writer) { fmt.Fprintf(w, "renamed %s to %s\n", from, to) })
}
