package keystorecmd

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/agefile"
)

type recipientsAddOptions struct {
	texts []string
	file  string
	name  string
	only  bool
}

func newRecipientsAdd(a verbs) *cobra.Command {
	var o recipientsAddOptions
	c := &cobra.Command{
		Use:   "add [RECIPIENT...]",
		Short: "Add recipients and re-encrypt every seed",
		Long: `Adds recipients to an age: or nats: keystore and re-encrypts every seed: all of them
or none. You must be able to open the keystore. A keystore with a passphrase becomes
one with recipients.

In a nats: keystore, --only adds a host: it opens the keys alone that are encrypted to
it by name, with latch keys gen --to NAME or latch keystore seal. The others open all.`,
		Example: "  latch keystore recipients add age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p\n" +
			"  latch keystore recipients add --recipients-file team.pub\n" +
			"  latch keystore recipients add age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p --name host-web-1 --only",
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			o.texts = args
			return a.recipientsAdd(c, o)
		},
	}
	c.Flags().StringVar(&o.name, "name", "", "what to call the recipient of a nats: keystore")
	c.Flags().BoolVar(&o.only, "only", false, "let it open the keys alone that are encrypted to it by name, as a host should")
	c.Flags().StringVar(&o.file, "recipients-file", "", "add the recipients in this file, one a line; - for stdin")
	return c
}

func (a verbs) recipientsAdd(c *cobra.Command, o recipientsAddOptions) error {
	if len(o.texts) == 0 && o.file == "" {
		return app.UsageIn(c, "RECIPIENT is missing")
	}
	store, err := a.sharer(nil)
	if err != nil {
		return err
	}
	to, err := a.ReadRecipients(c.Context(), o.texts, o.file)
	if err != nil {
		return err
	}
	if o.name != "" {
		if _, bucket := store.(*keystore.Bucket); !bucket || len(to) != 1 {
			return app.UsageIn(c, "--name is for one recipient of a nats: keystore")
		}
		to[0].Comment = o.name
	}
	if o.only {
		return a.admit(c, store, to, o)
	}
	var added []agefile.Recipient
	var encrypted int
	err = a.Change(func() (err error) {
		added, encrypted, err = store.Share(c.Context(), to)
		return err
	})
	if err != nil {
		return err
	}
	docs := describeRecipients(added)
	err = a.ShowDone(recipientsDocument{store.URI(), docs, nil, encrypted}, func(w io.Writer) {
		for _, d := range docs {
			fmt.Fprintln(w, "added", d)
		}
	})
	switch {
	case err != nil:
	case len(added) == 0:
		a.Say("They already are recipients of %s; nothing was changed.", store.URI())
	default:
		a.Say("Re-encrypted %d seed%s.", encrypted, app.Plural(encrypted))
	}
	return err
}

// admit adds a recipient who opens only what is encrypted to it by name.
func (a verbs) admit(c *cobra.Command, store keystore.Sharer, to []agefile.Recipient, o recipientsAddOptions) error {
	bucket, is := store.(*keystore.Bucket)
	if !is || o.name == "" {
		return app.UsageIn(c, "--only is for one recipient of a nats: keystore, with --name")
	}
	var added bool
	err := a.Change(func() (err error) {
		added, err = bucket.Admit(c.Context(), to[0])
		return err
	})
	if err != nil {
		return err
	}
	doc := recipientsDocument{Keystore: store.URI()}
	if added {
		doc.Added = describeRecipients(to)
	}
	err = a.ShowDone(doc, func(w io.Writer) {
		for _, d := range doc.Added {
			fmt.Fprintln(w, "added", d)
		}
	})
	switch {
	case err != nil:
	case added:
		a.Say("It opens nothing yet: latch keystore seal KEY --to %s", app.Word(o.name))
	default:
		a.Say("It already is a recipient of %s; nothing was changed.", store.URI())
	}
	return err
}
