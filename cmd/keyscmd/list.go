package keyscmd

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/terminal"
)

type listOptions struct {
	check  bool
	repair bool
}

func newList(a verbs) *cobra.Command {
	var o listOptions
	c := &cobra.Command{
		Use:   "list",
		Short: "List the keys in the keystore",
		Long: `Lists the keys in the keystore by name. The keyring: and age: keystores have an
index, so that nothing has to be unlocked for it.

--check compares the index with the seeds and reports seeds missing from the index,
entries without a seed, and leftovers of an interrupted command. --repair fixes
them; it never removes a seed. Exit code 3 if something remains to be repaired.`,
		Example: "  latch keys list\n  latch keys list --keystore dir:keys -o json\n  latch keys list --check",
		Args:    app.Exactly(),
		RunE:    func(c *cobra.Command, _ []string) error { return a.list(c.Context(), o) },
	}
	c.Flags().BoolVar(&o.check, "check", false, "compare the index with the seeds and report differences")
	c.Flags().BoolVar(&o.repair, "repair", false, "repair what --check finds")
	return c
}

// listDocument is the list as JSON output gives it; findings only where they
// were asked for.
type listDocument struct {
	Keystore string                `json:"keystore"`
	Keys     []app.KeyDocument     `json:"keys"`
	Findings []app.FindingDocument `json:"findings,omitempty"`
}

func (a verbs) list(ctx context.Context, o listOptions) error {
	store, err := a.Keystore()
	if err != nil {
		return err
	}
	var findings []keystore.Finding
	if o.check || o.repair {
		if findings, err = keystore.Reconcile(ctx, store, o.repair); err != nil {
			return err
		}
	}
	// A store gives what is sound even where something in it is not.
	entries, listErr := store.List(ctx)
	if listErr != nil && entries == nil && findings == nil {
		return listErr
	}
	if err := a.showKeys(o.repair, store, entries, findings); err != nil {
		return err
	}
	if len(entries) == 0 && listErr == nil {
		a.Say("No keys in %s.", store.URI())
	}
	if o.check || o.repair {
		return verdictOn(findings)
	}
	return listErr
}

func (a verbs) showKeys(repaired bool, store keystore.Store, entries []keystore.Entry, findings []keystore.Finding) error {
	doc := listDocument{store.URI(), make([]app.KeyDocument, len(entries)), app.DescribeFindings(findings)}
	rows := make([][]string, len(entries))
	for i, e := range entries {
		d := app.DescribeKey(e)
		doc.Keys[i] = d
		rows[i] = []string{d.Name, d.Kind, d.PublicKey.String(), d.CreatedText()}
	}
	show := a.Show
	if repaired {
		show = a.ShowDone
	}
	return show(doc, func(w io.Writer) {
		if len(rows) > 0 {
			terminal.Table(w, a.Width(), []string{"NAME", "KIND", "PUBLIC KEY", "CREATED"}, rows)
		}
		a.Prose(w, app.Hang, func(w io.Writer) { app.PrintFindings(w, findings) })
	})
}

// verdictOn is "no" where something is left to mend.
func verdictOn(findings []keystore.Finding) error {
	for _, f := range findings {
		if !f.Mended {
			return app.No()
		}
	}
	return nil
}
