package cmd

import (
	"context"
	"io"

	"github.com/spf13/cobra"
)

func newKeysList(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "What is in the keystore",
		Long:    "Lists the keys in the keystore by name. Nothing is unlocked for it where the\nkeystore keeps an index, as keyring: does.",
		Example: "  latch keys list\n  latch keys list --keystore dir:keys -o json",
		Args:    exactly(),
		RunE:    func(c *cobra.Command, _ []string) error { return a.keysList(c.Context()) },
	}
}

func (a *app) keysList(ctx context.Context) error {
	store, err := a.keystore()
	if err != nil {
		return err
	}
	// A store gives what is sound even where something in it is not.
	entries, listErr := store.List(ctx)
	if listErr != nil && entries == nil {
		return listErr
	}
	docs := make([]keyDocument, 0, len(entries))
	rows := make([][]string, 0, len(entries))
	for _, e := range entries {
		doc := describe(e)
		docs = append(docs, doc)
		rows = append(rows, []string{doc.Name, doc.Kind, doc.PublicKey.String(), doc.created()})
	}
	err = a.show(struct {
		Keystore string        `json:"keystore"`
		Keys     []keyDocument `json:"keys"`
	}{store.URI(), docs}, func(w io.Writer) {
		if len(rows) > 0 {
			table(w, []string{"NAME", "KIND", "PUBLIC KEY", "CREATED"}, rows)
		}
	})
	if err != nil {
		return err
	}
	if len(rows) == 0 && listErr == nil {
		a.say("No keys in %s.", store.URI())
	}
	return listErr
}
