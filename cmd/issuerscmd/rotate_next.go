package issuerscmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/published"
	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/rotation"
)

type rotateNextOptions struct {
	evidenceOptions
	dryRun bool
	quiet  time.Duration
}

func newRotateNext(a verbs) *cobra.Command {
	var o rotateNextOptions
	c := &cobra.Command{
		Use:   "next",
		Short: "Advance to the next phase once every host has the current one",
		Long: `Advances the rotation by one phase, if every host is known to have the current one:
by asking the running hosts (--live), from the env files that they run with
(--deployed), or because you attest it (--attest) where nothing can be seen. What a
running host says counts for more than its file, and a file for more than a word.
The manifest keeps what is known, so that it can come from several runs. --live waits
the whole --timeout: of replicas, each counts. A file that programs read differently
proves nothing: say with --read-by which program reads it.

An attestation covers the manifest as it was when you gave the command; all@7 binds
it to generation 7. Before phase switch, latch opens every seed that hosts will sign
with.

With --require-quiet 10m, phase retire is entered only if latch invocation tap
--record heard the lattice's calls for 10 minutes, none of them signed with an old
key, and that not longer than 10 minutes ago.

Exit code 5 if a host is in the way; latch names each one and the command that
helps. Without a rotation there is nothing to do and the exit code is 0, so a job
can run this on every deploy.`,
		Example: "  latch issuers rotate next --live\n  latch issuers rotate next --deployed /mnt/hosts\n  latch issuers rotate next --attest web-1,web-2\n" +
			"  latch issuers rotate next --attest all@7",
		Args: app.Exactly(),
		RunE: func(c *cobra.Command, _ []string) error { return a.rotateNext(c.Context(), o) },
	}
	o.register(c, a)
	addDryRunFlag(c, &o.dryRun)
	c.Flags().DurationVar(&o.quiet, "require-quiet", 0, "enter phase retire only if no call was signed with an old key for so long")
	return c
}

func (a verbs) rotateNext(ctx context.Context, o rotateNextOptions) error {
	file, err := published.ToChange(ctx, a.App)
	if err != nil {
		return err
	}
	if file.Manifest().Rotation == nil {
		return a.showIdle(ctx, file, o)
	}
	evidence, err := a.evidence(ctx, file, o.evidenceOptions)
	if err != nil {
		return err
	}
	known, err := rotation.Weigh(file.Manifest(), evidence, a.Sys.Now())
	if err != nil {
		return err
	}
	guide := a.guide("", o.seen)
	guide.Quiet = o.quiet
	next, err := rotation.Next(known, a.Sys.Now())
	if err == nil {
		err = rotation.RequireQuiet(known, o.quiet, a.Sys.Now())
	}
	if rotation.InTheWay(err) != nil {
		_, saveErr := a.saveStep(ctx, file, known, app.FreshKeys{}, o.dryRun)
		return errors.Join(a.explain(ctx, file, known, guide, err), saveErr)
	}
	if err == nil && known.Rotation.Phase == lattice.PhaseIntroduce {
		err = a.checkSeeds(ctx, file, next, "or go back: latch issuers rotate abort")
	}
	if err != nil {
		return err
	}
	step := finishedStep{before: known, guide: guide, dryRun: o.dryRun}
	if step.after, err = a.saveStep(ctx, file, next, app.FreshKeys{}, o.dryRun); err != nil {
		return err
	}
	step.holders = a.holders(known, next, evidence.Seen)
	return a.showStep(step)
}

// showIdle has nothing to do, unless the files are of a newer manifest.
func (a verbs) showIdle(ctx context.Context, file *lattice.Document, o rotateNextOptions) error {
	m := file.Manifest()
	if err := env.CheckCurrent(env.Folder(file.Path()), file.Manifest()); err != nil {
		return err
	}
	if seen, err := a.readDeployed(ctx, o.seen, m); err == nil { // otherwise nothing hangs on them
		if err := rotation.CheckCurrent(m, seen); err != nil {
			return err
		}
	}
	doc := finishedStep{before: m, after: file, dryRun: o.dryRun}.describe(rotation.StepBetween(m, m, rotation.Guide{}))
	return a.Show(doc, func(w io.Writer) { fmt.Fprintln(w, "no rotation is under way, nothing to do") })
}
