package issuerscmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/rotation"
)

func newRotateAbort(a verbs) *cobra.Command {
	var o rotateNextOptions
	c := &cobra.Command{
		Use:   "abort",
		Short: "Go back to the old keys by the safe way",
		Long: `Goes back from any phase. In phase introduce no host signs with the new keys yet:
the rotation ends at once. Later, old and new change places and the same phases
lead back, each waiting for every host; one that is not in the manifest stands in
the way where a key is dropped. A rotation away from a compromised key
cannot be aborted.`,
		Example: "  latch issuers rotate abort\n  latch issuers rotate abort --dry-run",
		Args:    app.Exactly(),
		RunE:    func(c *cobra.Command, _ []string) error { return a.rotateAbort(c.Context(), o) },
	}
	o.registerSeen(c)
	addDryRunFlag(c, &o.dryRun)
	return c
}

func (a verbs) rotateAbort(ctx context.Context, o rotateNextOptions) error {
	file, err := a.Manifest()
	if err != nil {
		return err
	}
	m := file.Manifest()
	known, _, err := a.gather(ctx, m, o.evidenceOptions)
	if err != nil {
		return err
	}
	back, err := rotation.Abort(known, a.Sys.Now())
	if err != nil {
		return err
	}
	updated, err := a.saveStep(ctx, file, back, app.FreshKeys{}, o.dryRun)
	if err != nil {
		return err
	}
	doc := describeStep(file, updated)
	doc.DryRun = o.dryRun
	if back.Rotation == nil { // no host was ever told to sign with the new keys
		for _, is := range m.Issuers {
			if _, kept := back.Issuer(is.Name); !kept {
				doc.Deletable = append(doc.Deletable, is.Name)
			}
		}
	}
	return a.showStep(doc)
}
