package keyscmd

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keystore"
)

func newRename(a verbs) *cobra.Command {
	var force bool
	c := &cobra.Command{
		Use:   "rename OLD NEW",
		Short: "Rename a key in the keystore",
		Long: `Renames a key in the keystore. A key that a manifest needs under its old name is not
renamed, since latch would not find its seed; --force renames it anyway.`,
		Example:           "  latch keys rename adhoc prod-cluster",
		Args:              app.Exactly("OLD", "NEW"),
		ValidArgsFunction: a.CompleteKeyNames,
		RunE:              func(c *cobra.Command, args []string) error { return a.rename(c.Context(), args[0], args[1], force) },
	}
	c.Flags().BoolVar(&force, "force", false, "even if a manifest needs the key by its old name")
	return c
}

func (a verbs) rename(ctx context.Context, from, to string, force bool) error {
	for _, name := range []string{from, to} {
		if err := keystore.CheckName(name); err != nil {
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
	l := loss{store: store, entry: entry, byName: true, force: force || from == to}
	if err := a.checkUnused(ctx, l); err != nil {
		return err
	}
	if err := a.takeAway(ctx, l, func() error { return a.Change(func() error { return store.Rename(ctx, from, to, entry.PublicKey) }) }); err != nil {
		return err
	}
	entry.Name = to
	return a.ShowDone(app.DescribeKey(entry), func(w io.Writer) { fmt.Fprintf(w, "renamed %s to %s\n", from, to) })
}
