package keystorecmd

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/terminal"
)

func newCopy(a verbs) *cobra.Command {
	return &cobra.Command{
		Use:   "copy FROM TO",
		Short: "Copy all keys to another keystore",
		Long: `Copies every key of one keystore to another and reads each one back. Nothing is
copied if a name is taken by a different seed there. The first keystore is not
changed. Run the command again to resume an interrupted copy. Published manifests are
not copied: latch lattice publish, with the other keystore.`,
		Example: "  latch keystore copy dir:keys keyring:\n  latch keystore copy keyring: age:team\n" +
			"  latch keystore copy age:team vault:secret/lattice",
		Args: app.Exactly("FROM", "TO"),
		RunE: func(c *cobra.Command, args []string) error { return a.copy(c.Context(), args[0], args[1]) },
	}
}

func (a verbs) copy(ctx context.Context, fromURI, toURI string) error {
	from, err := a.OpenKeystore(fromURI, ".")
	if err != nil {
		return err
	}
	to, err := a.OpenKeystore(toURI, ".")
	if err != nil {
		return err
	}
	var done []keystore.Copied
	err = a.Change(func() (err error) {
		done, err = keystore.Copy(ctx, from, to)
		return err
	})
	if err != nil {
		return err
	}
	docs, rows := describeCopied(done, "copied")
	err = a.ShowDone(struct {
		From string           `json:"from"`
		To   string           `json:"to"`
		Keys []copiedDocument `json:"keys"`
	}{from.URI(), to.URI(), docs}, func(w io.Writer) {
		if len(rows) > 0 {
			terminal.Table(w, a.Width(), stateHeader(), rows)
		}
	})
	if err == nil && len(rows) == 0 {
		a.Say("No keys in %s, nothing to copy.", from.URI())
	}
	return err
}
