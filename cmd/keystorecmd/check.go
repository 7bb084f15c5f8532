package keystorecmd

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/terminal"
)

func newCheck(a verbs) *cobra.Command {
	return a.PerLattice(&cobra.Command{
		Use:   "check [URI]",
		Short: "Check every seed in a keystore",
		Long: `Opens every seed of a keystore, derives its public key and compares it with the one
in the index; also reports seeds that are missing from the index and entries that
have no seed. Changes nothing; latch keys list --repair does.

A seed of a nats: keystore that is encrypted to others, and not to the identity at
hand, is not opened: its revision is held against the list of keys, as of all seeds.

Manifests in the folder tree that name the keystore, and those that are published in
it, are looked at too: seeds that they need and the keystore lacks are named.

Exit code 3 if anything is wrong.`,
		Example: "  latch keystore check\n  latch keystore check age:keys -o json",
		Args:    app.AtMostOne,
		RunE:    func(c *cobra.Command, args []string) error { return a.check(c.Context(), args) },
	})
}

// checkedDocument is a key that was opened, as JSON output gives it.
type checkedDocument struct {
	app.KeyDocument
	OK        bool   `json:"ok"`
	ForOthers bool   `json:"for_others,omitempty"` // and so was not opened
	Problem   string `json:"problem,omitempty"`
}

func (a verbs) check(ctx context.Context, args []string) error {
	store, err := a.keystoreAt(args)
	if err != nil {
		return err
	}
	checked, findings, err := keystore.Check(ctx, store)
	if err != nil {
		return err
	}
	missing := a.missingSeeds(ctx, args, store, checked)
	ok := len(findings)+len(missing) == 0
	good, bad := a.OutPalette().Green("ok"), a.OutPalette().Red("bad")
	docs := make([]checkedDocument, len(checked))
	rows := make([][]string, len(checked))
	for i, c := range checked {
		docs[i] = checkedDocument{KeyDocument: app.DescribeKey(c.Entry), OK: c.Err == nil, ForOthers: c.ForOthers}
		state := good
		switch {
		case c.ForOthers:
			state = "not for this identity"
		case c.Err != nil:
			ok, docs[i].Problem, state = false, c.Err.Error(), bad
		}
		rows[i] = []string{docs[i].Name, docs[i].Kind, docs[i].PublicKey.String(), state}
	}
	err = a.ShowProse(struct {
		Keystore string                `json:"keystore"`
		OK       bool                  `json:"ok"`
		Keys     []checkedDocument     `json:"keys"`
		Findings []app.FindingDocument `json:"findings"`
		Missing  []missingDocument     `json:"missing"` // that manifests need
	}{store.URI(), ok, docs, app.DescribeFindings(findings), missing}, app.Hang, func(w io.Writer) {
		if len(rows) > 0 {
			terminal.Table(w, a.Width(), stateHeader(), rows)
		}
		for _, d := range docs {
			if !d.OK && !told(findings, d) {
				fmt.Fprintf(w, "%s: %s\n", d.Name, d.Problem)
			}
		}
		app.PrintFindings(w, findings)
		for _, m := range missing {
			fmt.Fprintf(w, "%s: missing, and %s needs it: %s\n", m.Name, m.Manifest, m.Use)
		}
	})
	if err == nil && !ok {
		return app.No()
	}
	return err
}

// told reports whether a finding says the same of a key.
func told(findings []keystore.Finding, key checkedDocument) bool {
	return slices.ContainsFunc(findings, func(f keystore.Finding) bool { return f.Name == key.Name && f.Message == key.Problem })
}
