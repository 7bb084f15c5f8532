package keystorecmd

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keystore"
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
		Short: "Remove a recipient and re-encrypt every seed",
		Long: `Removes a recipient, given by its public key or its comment, and re-encrypts every
seed: all of them or none. It does not remove the last recipient and, without
--force, does not lock you out.

A removed recipient may have kept what they could read: rotate the keys.`,
		Example: "  latch keystore recipients remove alice@example.org",
		Args:    app.Exactly("RECIPIENT"),
		RunE: func(c *cobra.Command, args []string) error {
			o.which = args[0]
			return a.recipientsRemove(c.Context(), o)
		},
	}
	c.Flags().BoolVar(&o.force, "force", false, "remove the recipient even if you can no longer open the keystore")
	return c
}

func (a verbs) recipientsRemove(ctx context.Context, o recipientsRemoveOptions) error {
	store, err := a.sharer(nil)
	if err != nil {
		return err
	}
	var gone agefile.Recipient
	var encrypted int
	err = a.Change(func() (err error) {
		gone, encrypted, err = store.Unshare(ctx, o.which, o.force)
		return err
	})
	if err != nil {
		return err
	}
	docs := describeRecipients([]agefile.Recipient{gone})
	if bucket, is := store.(*keystore.Bucket); is {
		return a.showOwed(ctx, bucket, docs, encrypted)
	}
	err = a.ShowDone(recipientsDocument{store.URI(), nil, docs, encrypted}, func(w io.Writer) { fmt.Fprintln(w, "removed", docs[0]) })
	if err == nil {
		a.Say("Re-encrypted %d seed%s. Rotate the keys that the recipient could read: they may have kept the old files.", encrypted, app.Plural(encrypted))
	}
	return err
}
