package keystorecmd

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keystore"
)

func newSeal(a verbs) *cobra.Command {
	var also []string
	c := &cobra.Command{
		Use:   "seal NAME",
		Short: "Set which hosts can open a key of a nats: keystore",
		Long: `Sets which recipients of a nats: keystore can open a key besides those who open every
key: hosts, added with latch keystore recipients add --only. Without --to it is none.

A host that could open the key until now may have kept it: latch keystore check exits
with 3 until the key is rotated.`,
		Example: "  latch keystore seal web-1 --to host-web-1\n  latch keystore recipients list --by-key",
		Args:    app.Exactly("NAME"),
		RunE: func(c *cobra.Command, args []string) error {
			return a.seal(c.Context(), args[0], also)
		},
		ValidArgsFunction: a.CompleteKeyNames,
	}
	c.Flags().StringArrayVar(&also, "to", nil, "a recipient, by name (repeatable)")
	_ = c.RegisterFlagCompletionFunc("to", a.CompleteRecipientNames)
	return c
}

func (a verbs) seal(ctx context.Context, name string, also []string) error {
	if err := keystore.CheckName(name); err != nil {
		return err
	}
	store, err := a.bucketInUse()
	if err != nil {
		return err
	}
	var left int
	err = a.Change(func() (err error) {
		left, err = store.Encrypt(ctx, name, also)
		return err
	})
	if err != nil {
		return err
	}
	err = a.ShowDone(struct {
		Keystore    string   `json:"keystore"`
		Name        string   `json:"name"`
		EncryptedTo []string `json:"encrypted_to"`
	}{store.URI(), name, append([]string{}, also...)}, func(w io.Writer) {
		whom := "nobody"
		if len(also) > 0 {
			whom = strings.Join(also, ", ")
		}
		fmt.Fprintf(w, "%s: besides those who open every key, it opens for %s\n", name, whom)
	})
	if err == nil && left > 0 {
		a.Say("Rotate %s: who could open it until now may have kept it. latch keystore check exits with 3 until it is gone.", name)
	}
	return err
}
