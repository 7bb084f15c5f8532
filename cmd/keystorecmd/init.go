package keystorecmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore"
)

func newInit(a verbs) *cobra.Command {
	var o app.SealOptions
	c := &cobra.Command{
		Use:   "init [URI]",
		Short: "Make an age: keystore",
		Long: `Makes the folder of an age: keystore and sets who can open it: the recipients, which
are listed in recipients.txt, or whoever knows a passphrase. It never changes a
keystore that exists. The other kinds of keystore do not have to be made.

Make yourself a recipient: age-keygen -o FILE makes an identity and prints its
public key.`,
		Example: "  latch keystore init age:keys --to age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p\n" +
			"  latch keystore init age:keys --recipients-file ~/.ssh/id_ed25519.pub\n" +
			"  latch keystore init age:keys --passphrase",
		Args: app.AtMostOne,
		RunE: func(c *cobra.Command, args []string) error { return a.init(c, args, &o) },
	}
	o.Register(c)
	return c
}

func (a verbs) init(c *cobra.Command, args []string, o *app.SealOptions) error {
	ctx := c.Context()
	store, err := a.sharer(args)
	if err != nil {
		return err
	}
	to, err := o.Recipients(c)
	if err != nil {
		return err
	}
	if !o.Passphrase && len(to) == 0 {
		return errors.New("the recipients file names no recipient")
	}
	secret, err := a.initialPassphrase(ctx, o, store.URI())
	if err != nil {
		return err
	}
	defer clear(secret)
	if err := store.Init(ctx, to, secret); err != nil {
		return err
	}
	doc := struct {
		Keystore   string              `json:"keystore"`
		Passphrase bool                `json:"passphrase"`
		Recipients []recipientDocument `json:"recipients"`
	}{store.URI(), o.Passphrase, describeRecipients(to)}
	return a.ShowDone(doc, func(w io.Writer) {
		if o.Passphrase {
			fmt.Fprintf(w, "%s: opens with the passphrase\n", store.URI())
			return
		}
		fmt.Fprintf(w, "%s: opens for %d recipient%s\n", store.URI(), len(to), app.Plural(len(to)))
	})
}

func (a verbs) initialPassphrase(ctx context.Context, o *app.SealOptions, uri string) ([]byte, error) {
	if !o.Passphrase {
		return nil, nil
	}
	return a.NewPassphrase(ctx, uri)
}

// sharer is the keystore of a URI, or the one in use, which must be an age: one.
func (a verbs) sharer(args []string) (keystore.Sharer, error) {
	store, err := a.keystoreAt(args)
	if err != nil {
		return nil, err
	}
	sharer, ok := store.(keystore.Sharer)
	if !ok {
		scheme, _, _ := strings.Cut(store.URI(), ":")
		return nil, fault.New(fault.Usage, "%s: keystores have no recipients; only age: keystores do", scheme).WithHint("name one: --keystore age:DIR")
	}
	return sharer, nil
}
