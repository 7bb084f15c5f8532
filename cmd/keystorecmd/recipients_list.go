package keystorecmd

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
)

func newRecipientsList(a verbs) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "List the recipients of the keystore",
		Long:    "Lists the recipients of an age: or nats: keystore, without unlocking it.",
		Example: "  latch keystore recipients list --keystore age:keys",
		Args:    app.Exactly(),
		RunE:    func(c *cobra.Command, _ []string) error { return a.recipientsList(c.Context()) },
	}
}

func (a verbs) recipientsList(ctx context.Context) error {
	store, err := a.sharer(nil)
	if err != nil {
		return err
	}
	all, err := store.Recipients(ctx)
	if err != nil {
		return err
	}
	docs := describeRecipients(all)
	err = a.Show(struct {
		Keystore   string              `json:"keystore"`
		Passphrase bool                `json:"passphrase"`
		Recipients []recipientDocument `json:"recipients"`
	}{store.URI(), len(all) == 0, docs}, func(w io.Writer) {
		for _, d := range docs {
			fmt.Fprintln(w, d)
		}
	})
	if err == nil && len(all) == 0 {
		a.Say("%s has no recipients: whoever knows the passphrase can open it.", store.URI())
	}
	return err
}
