package keystorecmd

import (
	"cmp"
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/printable"
	"github.com/latch-keys/latch/internal/terminal"
)

func newRecipientsList(a verbs) *cobra.Command {
	var byKey bool
	c := &cobra.Command{
		Use:   "list",
		Short: "List the recipients of the keystore",
		Long: `Lists the recipients of an age: or nats: keystore, without unlocking it. With
--by-key it lists who can open each key.`,
		Example: "  latch keystore recipients list --keystore age:keys\n  latch keystore recipients list --by-key",
		Args:    app.Exactly(),
		RunE: func(c *cobra.Command, _ []string) error {
			if byKey {
				return a.recipientsByKey(c.Context())
			}
			return a.recipientsList(c.Context())
		},
	}
	c.Flags().BoolVar(&byKey, "by-key", false, "list who can open each key")
	return c
}

// reachDocument is who can open a key, as JSON output gives it.
type reachDocument struct {
	Name       string              `json:"name"`
	PublicKey  keys.PublicKey      `json:"public_key"`
	Recipients []recipientDocument `json:"recipients"`
}

func (a verbs) recipientsByKey(ctx context.Context) error {
	store, err := a.sharer(nil)
	if err != nil {
		return err
	}
	all, err := reaches(ctx, store)
	if err != nil {
		return err
	}
	docs := make([]reachDocument, len(all))
	var rows [][]string
	for i, r := range all {
		docs[i] = reachDocument{r.Name, r.PublicKey, describeRecipients(r.By)}
		for _, d := range docs[i].Recipients {
			rows = append(rows, []string{r.Name, cmp.Or(printable.Line(d.Comment), d.Recipient)})
		}
		if len(r.By) == 0 {
			rows = append(rows, []string{r.Name, "who knows the passphrase"})
		}
	}
	return a.Show(struct {
		Keystore string          `json:"keystore"`
		Keys     []reachDocument `json:"keys"`
	}{store.URI(), docs}, func(w io.Writer) {
		if len(rows) > 0 {
			terminal.Table(w, a.Width(), []string{"KEY", "OPENS FOR"}, rows)
		}
	})
}

// reaches tells who can open each key: in an age: keystore all of its recipients.
func reaches(ctx context.Context, store keystore.Sharer) ([]keystore.Reach, error) {
	if bucket, is := store.(*keystore.Bucket); is {
		return bucket.Reaches(ctx)
	}
	recipients, err := store.Recipients(ctx)
	if err != nil {
		return nil, err
	}
	entries, err := store.List(ctx)
	var all []keystore.Reach
	for _, e := range entries {
		all = append(all, keystore.Reach{Name: e.Name, PublicKey: e.PublicKey, By: recipients})
	}
	return all, err
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
