package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/rotation"
)

func newRotateAbort(a *app) *cobra.Command {
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
		Args:    exactly(),
		RunE:    func(c *cobra.Command, _ []string) error { return a.rotateAbort(c.Context(), o) },
	}
	o.registerSeen(c)
	addDryRunFlag(c, &o.dryRun)
	return c
}

func (a *app) rotateAbort(ctx context.Context, o rotateNextOptions) error {
	file, err := a.manifest()
	if err != nil {
		return err
	}
	m := file.Manifest()
	known, _, err := a.gather(ctx, m, o.evidenceOptions)
	if err != nil {
		return err
	}
	back, err := rotation.Abort(known, a.sys.Now())
	if err != nil {
		return err
	}
	updated, err := a.saveStep(ctx, file, back, freshKeys{}, o.dryRun)
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
