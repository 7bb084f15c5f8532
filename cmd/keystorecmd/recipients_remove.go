package keystorecmd

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keystore/agefile"
)

type recipientsRemoveOptions struct {
	which string
	force bool
}

func newRecipientsRemove(a verbs) *cobra.Command {
	var o recipientsRemoveOptions
	c := &cobra.Command{
		Use:   "remove RECIPIENT|COMMENT",
		Short: "Let somebody open the keystore no more",
		Long: `Removes a recipient, given as public key or by its comment, and encrypts every
seed anew, all or none. It refuses to remove the last one and, without --force,
to lock you out.

What a removed recipient has seen they may have kept: rotate the keys.`,
		Example: "  latch keystore recipients remove alice@example.org",
		Args:    app.Exactly("RECIPIENT"),
		RunE: func(c *cobra.Command, args []string) error {
			o.which = args[0]
			return a.recipientsRemove(c.Context(), o)
		},
	}
	c.Flags().BoolVar(&o.force, "force", false, "even if you can no longer open it yourself")
	return c
}

func (a verbs) recipientsRemove(ctx context.Context, o recipientsRemoveOptions) error {
	store, err := a.sharer(nil)
	if err != nil {
		return err
	}
	gone, encrypted, err := store.Unshare(ctx, o.which, o.force)
	if err != nil {
		return err
	}
	docs := describeRecipients([]agefile.Recipient{gone})
	err = a.Show(recipientsDocument{store.URI(), nil, docs, encrypted}, func(w io.Writer) { fmt.Fprintln(w, "removed", docs[0]) })
	if err == nil {
		a.Say("Encrypted %d seed%s anew. Rotate the keys that the recipient could read: old files may have been kept.", encrypted, app.Plural(encrypted))
	}
	return err
}
