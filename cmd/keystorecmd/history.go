package keystorecmd

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/printable"
	"github.com/latch-keys/latch/internal/terminal"
)

func newHistory(a verbs) *cobra.Command {
	return &cobra.Command{
		Use:   "history [NAME]",
		Short: "Show the revisions that a nats: keystore keeps",
		Long: `Lists the revisions that a nats: keystore still has of a key, or of all keys, the
newest first: those of deleted keys too, until they are purged. It keeps 64 of a name
at most. Nothing is unlocked.

latch keystore restore NAME --revision N gives a name the seed of a revision back.
Published manifests have a history of their own: latch lattice history.`,
		Example: "  latch keystore history\n  latch keystore history prod",
		Args:    app.AtMostOne,
		RunE: func(c *cobra.Command, args []string) error {
			return a.history(c.Context(), strings.Join(args, ""))
		},
		ValidArgsFunction: a.CompleteKeyNames,
	}
}

// revisionDocument is a revision as JSON output gives it.
type revisionDocument struct {
	Name      string         `json:"name"`
	Revision  uint64         `json:"revision"`
	Created   time.Time      `json:"created"`
	PublicKey keys.PublicKey `json:"public_key"`
	SignedBy  keys.PublicKey `json:"signed_by"`
	Current   bool           `json:"current"`
	To        []string       `json:"encrypted_to"`
}

func (a verbs) history(ctx context.Context, name string) error {
	store, err := a.bucketInUse()
	if err != nil {
		return err
	}
	all, err := store.History(ctx, name)
	if err != nil {
		return err
	}
	docs := make([]revisionDocument, len(all))
	rows := make([][]string, len(all))
	for i, r := range all {
		docs[i] = revisionDocument{r.Name, r.Revision, r.Written, r.PublicKey, r.Signer, r.Current, []string{}}
		for _, to := range r.To {
			docs[i].To = append(docs[i].To, printable.Line(to))
		}
		state, key := "", r.PublicKey.String()
		if r.Current {
			state = "in use"
		}
		if r.PublicKey.IsZero() {
			key, state = "-", "not readable"
		}
		rows[i] = []string{r.Name, strconv.FormatUint(r.Revision, 10), r.Written.Format(time.RFC3339), key, state}
	}
	err = a.Show(struct {
		Keystore  string             `json:"keystore"`
		Revisions []revisionDocument `json:"revisions"`
	}{store.URI(), docs}, func(w io.Writer) {
		if len(rows) > 0 {
			terminal.Table(w, a.Width(), []string{"NAME", "REVISION", "WRITTEN", "PUBLIC KEY", "STATE"}, rows)
		}
	})
	if err == nil && len(rows) == 0 {
		a.Say("%s has no keys.", store.URI())
	}
	return err
}

func newPurge(a verbs) *cobra.Command {
	return &cobra.Command{
		Use:   "purge NAME",
		Short: "Remove old revisions of a key for good",
		Long: `Removes for good the revisions of a key that are not in use from a nats: keystore;
those of a deleted key are all of them. They cannot be restored any more, except from
backups of the servers.`,
		Example:           "  latch keystore purge prod",
		Args:              app.Exactly("NAME"),
		RunE:              func(c *cobra.Command, args []string) error { return a.purge(c.Context(), args[0]) },
		ValidArgsFunction: a.CompleteKeyNames,
	}
}

func (a verbs) purge(ctx context.Context, name string) error {
	if err := keystore.CheckName(name); err != nil {
		return err
	}
	store, err := a.bucketInUse()
	if err != nil {
		return err
	}
	if err := a.Confirm(ctx, fmt.Sprintf("Remove the old revisions of %s from %s for good?", name, store.URI())); err != nil {
		return err
	}
	var purged int
	err = a.Change(func() (err error) {
		purged, err = store.Purge(ctx, name)
		return err
	})
	if err != nil {
		return err
	}
	return a.ShowDone(struct {
		Keystore string `json:"keystore"`
		Name     string `json:"name"`
		Purged   int    `json:"purged"`
	}{store.URI(), name, purged}, func(w io.Writer) {
		fmt.Fprintf(w, "removed %d revision%s of %s\n", purged, app.Plural(purged), name)
	})
}
