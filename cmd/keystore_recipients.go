package cmd

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/keystore/agefile"
)

func newKeystoreRecipients(a *app) *cobra.Command {
	c := &cobra.Command{
		Use:   "recipients",
		Short: "Who can open an age: keystore",
		Long: `Who can open an age: keystore. Adding or removing a recipient encrypts every seed
anew: all of them, or none.

A removed recipient may have kept the old files, and git does: rotate the keys
that they could read.`,
	}
	asGroup(c)
	c.AddCommand(newRecipientsList(a), newRecipientsAdd(a), newRecipientsRemove(a))
	return c
}

// recipientDocument is a recipient as JSON output gives it.
type recipientDocument struct {
	Kind      string `json:"kind"`
	Recipient string `json:"recipient"`
	Comment   string `json:"comment,omitempty"`
}

func describeRecipients(all []agefile.Recipient) []recipientDocument {
	docs := make([]recipientDocument, len(all))
	for i, r := range all {
		docs[i] = recipientDocument{r.Kind(), r.Text, r.Comment}
	}
	return docs
}

func newRecipientsList(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "The recipients of the keystore",
		Long:    "Lists the recipients of an age: keystore. Nothing is unlocked for it.",
		Example: "  latch keystore recipients list --keystore age:keys",
		Args:    exactly(),
		RunE:    func(c *cobra.Command, _ []string) error { return a.recipientsList(c.Context()) },
	}
}

func (a *app) recipientsList(ctx context.Context) error {
	store, err := a.sharer(nil)
	if err != nil {
		return err
	}
	all, err := store.Recipients(ctx)
	if err != nil {
		return err
	}
	docs := describeRecipients(all)
	err = a.show(struct {
		Keystore   string              `json:"keystore"`
		Passphrase bool                `json:"passphrase"`
		Recipients []recipientDocument `json:"recipients"`
	}{store.URI(), len(all) == 0, docs}, func(w io.Writer) {
		for _, d := range docs {
			fmt.Fprintln(w, d)
		}
	})
	if err == nil && len(all) == 0 {
		a.say("%s has no recipients: whoever knows the passphrase can open it.", store.URI())
	}
	return err
}

// String is the recipient as a recipients file has it.
func (d recipientDocument) String() string {
	if d.Comment == "" {
		return d.Recipient
	}
	return d.Recipient + " " + d.Comment
}

type recipientsAddOptions struct {
	texts []string
	file  string
}

func newRecipientsAdd(a *app) *cobra.Command {
	var o recipientsAddOptions
	c := &cobra.Command{
		Use:   "add [RECIPIENT...]",
		Short: "Let more people open the keystore",
		Long: `Adds recipients to an age: keystore and encrypts every seed anew, all or none. You
must be able to open it. A keystore with a passphrase becomes one with recipients.`,
		Example: "  latch keystore recipients add age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p\n" +
			"  latch keystore recipients add --recipients-file team.pub",
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			o.texts = args
			return a.recipientsAdd(c, o)
		},
	}
	c.Flags().StringVar(&o.file, "recipients-file", "", "add the recipients in this file, one a line")
	return c
}

// recipientsDocument is what a change of recipients did, as JSON output gives it.
type recipientsDocument struct {
	Keystore  string              `json:"keystore"`
	Added     []recipientDocument `json:"added,omitempty"`
	Removed   []recipientDocument `json:"removed,omitempty"`
	Encrypted int                 `json:"encrypted"`
}

func (a *app) recipientsAdd(c *cobra.Command, o recipientsAddOptions) error {
	if len(o.texts) == 0 && o.file == "" {
		return usageIn(c, "RECIPIENT is missing")
	}
	store, err := a.sharer(nil)
	if err != nil {
		return err
	}
	to, err := readRecipients(o.texts, o.file)
	if err != nil {
		return err
	}
	added, encrypted, err := store.Share(c.Context(), to)
	if err != nil {
		return err
	}
	docs := describeRecipients(added)
	err = a.show(recipientsDocument{store.URI(), docs, nil, encrypted}, func(w io.Writer) {
		for _, d := range docs {
			fmt.Fprintln(w, "added", d)
		}
	})
	switch {
	case err != nil:
	case len(added) == 0:
		a.say("They are recipients of %s already, nothing was changed.", store.URI())
	default:
		a.say("Encrypted %d seed%s anew.", encrypted, plural(encrypted))
	}
	return err
}

type recipientsRemoveOptions struct {
	which string
	force bool
}

func newRecipientsRemove(a *app) *cobra.Command {
	var o recipientsRemoveOptions
	c := &cobra.Command{
		Use:   "remove RECIPIENT|COMMENT",
		Short: "Let somebody open the keystore no more",
		Long: `Removes a recipient, given as public key or by its comment, and encrypts every
seed anew, all or none. It refuses to remove the last one and, without --force,
to lock you out.

What a removed recipient has seen they may have kept: rotate the keys.`,
		Example: "  latch keystore recipients remove alice@example.org",
		Args:    exactly("RECIPIENT"),
		RunE: func(c *cobra.Command, args []string) error {
			o.which = args[0]
			return a.recipientsRemove(c.Context(), o)
		},
	}
	c.Flags().BoolVar(&o.force, "force", false, "even if you can no longer open it yourself")
	return c
}

func (a *app) recipientsRemove(ctx context.Context, o recipientsRemoveOptions) error {
	store, err := a.sharer(nil)
	if err != nil {
		return err
	}
	gone, encrypted, err := store.Unshare(ctx, o.which, o.force)
	if err != nil {
		return err
	}
	docs := describeRecipients([]agefile.Recipient{gone})
	err = a.show(recipientsDocument{store.URI(), nil, docs, encrypted}, func(w io.Writer) { fmt.Fprintln(w, "removed", docs[0]) })
	if err == nil {
		a.say("Encrypted %d seed%s anew. Rotate the keys that the recipient could read: old files may have been kept.", encrypted, plural(encrypted))
	}
	return err
}
