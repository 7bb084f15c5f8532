package issuerscmd

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/rotation"
)

type rotateNextOptions struct {
	evidenceOptions
	dryRun bool
}

func newRotateNext(a verbs) *cobra.Command {
	var o rotateNextOptions
	c := &cobra.Command{
		Use:   "next",
		Short: "Go one phase on, if every host is known to have the last one",
		Long: `Begins the next phase of the rotation under way, at most one, and only if the
last one is known to be on every host: read from env files as they lie on the
hosts (--deployed), or attested (--attest) where nothing can be read. What is
known is kept in the manifest, so that it may come from several runs.

Exit code 5 if something stands in the way; each host is named, and the command
that clears it. Without a rotation there is nothing to do, which is 0: one job
can run this on every deploy.`,
		Example: "  latch issuers rotate next --deployed /mnt/hosts\n  latch issuers rotate next --attest web-1,web-2\n" +
			"  latch issuers rotate next --attest all",
		Args: app.Exactly(),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := o.check(); err != nil {
				return app.UsageOf(c, err)
			}
			return a.rotateNext(c.Context(), o)
		},
	}
	o.register(c, a)
	addDryRunFlag(c, &o.dryRun)
	return c
}

func (a verbs) rotateNext(ctx context.Context, o rotateNextOptions) error {
	file, err := a.Manifest()
	if err != nil {
		return err
	}
	if file.Manifest().Rotation == nil {
		return a.showIdle(file, o.dryRun)
	}
	known, deployed, err := a.gather(ctx, file.Manifest(), o.evidenceOptions)
	if err != nil {
		return err
	}
	next, err := rotation.Next(known, a.Sys.Now())
	if rotation.InTheWay(err) != nil {
		_, saveErr := a.saveStep(ctx, file, known, app.FreshKeys{}, o.dryRun)
		return errors.Join(err, saveErr)
	}
	if err != nil {
		return err
	}
	updated, err := a.saveStep(ctx, file, next, app.FreshKeys{}, o.dryRun)
	if err != nil {
		return err
	}
	doc := describeStep(file, updated)
	doc.DryRun = o.dryRun
	if next.Rotation == nil {
		doc.Deletable, doc.Kept = deletable(known)
	}
	if doc.Holders, err = a.holders(known, next, deployed); err != nil {
		return err
	}
	return a.showStep(doc)
}

func (a verbs) showIdle(file *lattice.Document, dryRun bool) error {
	doc := describeStep(file, file)
	doc.DryRun = dryRun
	err := a.Show(doc, func(w io.Writer) { fmt.Fprintln(w, "no rotation is under way, nothing to do") })
	return err
}

// deletable names the retired keys whose seed nothing needs any more, or says why
// they are kept: a host that was not looked at may sign with them still.
func deletable(m lattice.Manifest) (names []string, kept string) {
	for _, o := range m.Rotation.Observed {
		if o.Evidence == lattice.Attested {
			return []string{}, fmt.Sprintf("The old seeds are kept: that %s accepts them no longer is attested, not observed.", o.Host)
		}
	}
	names = []string{}
	for _, is := range m.Rotation.Retired {
		names = append(names, is.Name)
	}
	return names, ""
}
