package cmd

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/keystore"
)

func newKeystoreCheck(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "check [URI]",
		Short: "Open every seed, and compare it with its public key",
		Long: `Opens every seed of a keystore, derives its public key and compares it with the
one that is listed; and compares what the keystore holds with what it keeps about
it, both ways. Nothing is changed: latch keys list --repair does that.

Exit code 3 if anything is not as it should be.`,
		Example: "  latch keystore check\n  latch keystore check age:keys -o json",
		Args:    atMostOne,
		RunE:    func(c *cobra.Command, args []string) error { return a.keystoreCheck(c.Context(), args) },
	}
}

// checkedDocument is a key that was opened, as JSON output gives it.
type checkedDocument struct {
	keyDocument
	OK      bool   `json:"ok"`
	Problem string `json:"problem,omitempty"`
}

func (a *app) keystoreCheck(ctx context.Context, args []string) error {
	store, err := a.keystoreAt(args)
	if err != nil {
		return err
	}
	checked, findings, err := keystore.Check(ctx, store)
	if err != nil {
		return err
	}
	ok := len(findings) == 0
	docs := make([]checkedDocument, len(checked))
	rows := make([][]string, len(checked))
	for i, c := range checked {
		docs[i] = checkedDocument{keyDocument: describe(c.Entry), OK: c.Err == nil}
		state := "ok"
		if c.Err != nil {
			ok, docs[i].Problem, state = false, c.Err.Error(), "bad"
		}
		rows[i] = []string{docs[i].Name, docs[i].Kind, docs[i].PublicKey.String(), state}
	}
	err = a.show(struct {
		Keystore string            `json:"keystore"`
		OK       bool              `json:"ok"`
		Keys     []checkedDocument `json:"keys"`
		Findings []findingDocument `json:"findings"`
	}{store.URI(), ok, docs, describeFindings(findings)}, func(w io.Writer) {
		if len(rows) > 0 {
			table(w, stateHeader(), rows)
		}
		for _, d := range docs {
			if !d.OK {
				fmt.Fprintf(w, "%s: %s\n", d.Name, d.Problem)
			}
		}
		printFindings(w, findings)
	})
	if err == nil && !ok {
		return no()
	}
	return err
}
