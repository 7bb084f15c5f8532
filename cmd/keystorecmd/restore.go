package keystorecmd

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/terminal"
)

func newRestore(a verbs) *cobra.Command {
	return &cobra.Command{
		Use:   "restore FILE",
		Short: "Restore a backup to the keystore",
		Long: `Stores every key of a backup in the keystore and reads each one back. Nothing is
restored if a name is taken by a different seed. Keys that are already there stay.
Run the command again to resume an interrupted restore.`,
		Example: "  latch keystore restore keys.age\n  latch keystore restore keys.age --keystore age:team",
		Args:    app.Exactly("FILE"),
		RunE:    func(c *cobra.Command, args []string) error { return a.restore(c.Context(), args[0]) },
	}
}

func (a verbs) restore(ctx context.Context, path string) error {
	store, err := a.Keystore()
	if err != nil {
		return err
	}
	backup, err := a.openBackup(ctx, path)
	if err != nil {
		return err
	}
	defer backup.Wipe()
	var done []keystore.Copied
	err = a.Change(func() (err error) {
		done, err = backup.Restore(ctx, store)
		return err
	})
	if err != nil {
		return err
	}
	docs, rows := describeCopied(done, "restored")
	return a.ShowDone(struct {
		File     string           `json:"file"`
		Keystore string           `json:"keystore"`
		Keys     []copiedDocument `json:"keys"`
	}{path, store.URI(), docs}, func(w io.Writer) { terminal.Table(w, a.Width(), stateHeader(), rows) })
}
