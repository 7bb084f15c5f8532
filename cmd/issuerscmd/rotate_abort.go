package issuerscmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/published"
	"github.com/latch-keys/latch/internal/rotation"
)

func newRotateAbort(a verbs) *cobra.Command {
	var o rotateNextOptions
	var undo bool
	c := &cobra.Command{
		Use:   "abort",
		Short: "Abort the rotation and go back to the old keys safely",
		Long: `Goes back to the old keys from any phase. In phase introduce no host signs with the
new keys yet, and the rotation ends at once. Later, old and new keys change places
and the same phases lead back, each waiting for every host. A host that is not in
the manifest is in the way when a key is dropped. A rotation away from a compromised
key cannot be aborted. An aborted rotation cannot be aborted again; --undo turns it
round.`,
		Example: "  latch issuers rotate abort\n  latch issuers rotate abort --dry-run\n  latch issuers rotate abort --undo",
		Args:    app.Exactly(),
		RunE:    func(c *cobra.Command, _ []string) error { return a.rotateAbort(c.Context(), o, undo) },
	}
	o.registerSeen(c, a)
	c.Flags().BoolVar(&undo, "undo", false, "undo an abort: continue with the new keys")
	addDryRunFlag(c, &o.dryRun)
	return c
}

func (a verbs) rotateAbort(ctx context.Context, o rotateNextOptions, undo bool) error {
	file, err := published.ToChange(ctx, a.App)
	if err != nil {
		return err
	}
	evidence, err := a.evidence(ctx, file, o.evidenceOptions)
	if err != nil {
		return err
	}
	known, err := rotation.Weigh(file.Manifest(), evidence, a.Sys.Now())
	if err != nil {
		return err
	}
	turn, guide := rotation.Abort, a.guide("abort", o.seen)
	if undo {
		turn, guide.Verb = rotation.UndoAbort, "abort --undo"
	}
	back, err := turn(known, a.Sys.Now())
	if err == nil && back.Rotation != nil {
		err = a.checkWayBack(ctx, file, back)
	}
	if err != nil {
		return a.explain(ctx, file, known, guide, err)
	}
	updated, err := a.saveStep(ctx, file, back, app.FreshKeys{}, o.dryRun)
	if err != nil {
		return err
	}
	return a.showStep(finishedStep{before: known, after: updated, guide: guide, dryRun: o.dryRun})
}
