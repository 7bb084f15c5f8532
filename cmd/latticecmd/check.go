package latticecmd

import (
	"context"
	"errors"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/credentials"
	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/safefile"
)

func newCheck(a verbs) *cobra.Command {
	var seeds bool
	c := &cobra.Command{
		Use:   "check [MANIFEST|FOLDER...]",
		Short: "Check a manifest; needs no secret",
		Long: `Checks that the hosts of a manifest can talk to each other: one clean prefix, every
host signs with one of the issuers, no published key, targets that read cluster
keys. Given several manifests, or folders of them, it also checks that no key, no NATS
user and no name in a keystore is used in two lattices, that none accepts what another
has denied, and that no two hear each other by their names or their topics.

It also names the files below the manifest's folder that hold a seed and that git
tracks. Needs no secret. --seeds also looks into the keystore of each manifest, and
names the seeds that it lacks; of a nats: keystore it says the revision, and whether
another generation of the manifest was published.

Exit code 3 if there is an error; with warnings alone it is 0.`,
		Example: "  latch lattice check\n  latch lattice check prod.yaml staging.yaml\n  latch lattice check envs/\n  latch lattice check --seeds",
		Args:    cobra.ArbitraryArgs,
		RunE:    func(c *cobra.Command, args []string) error { return a.check(c.Context(), args, seeds) },
	}
	a.SeveralLattices(c)
	c.Flags().BoolVar(&seeds, "seeds", false, "also check that the keystore has every seed that is needed")
	app.GivesSARIF(c)
	return c
}

func (a verbs) check(ctx context.Context, named []string, seeds bool) error {
	paths, _, err := a.Manifests(named...)
	if err != nil {
		return err
	}
	findings := []finding.Finding{}
	var docs []*lattice.Document
	searched := map[string]bool{}
	for _, path := range paths {
		doc, err := a.ManifestAt(path)
		var broken lattice.Errors
		if errors.As(err, &broken) {
			findings = append(findings, broken.Findings()...)
			continue
		}
		if err != nil {
			return err
		}
		docs = append(docs, doc)
		misnamed := a.KeystoreFindings(doc)
		findings = append(findings, misnamed...)
		findings = append(findings, a.trackedSeeds(ctx, filepath.Dir(path), searched)...)
		if seeds && len(misnamed) == 0 {
			missing, err := a.missingSeeds(ctx, doc)
			if err != nil {
				return err
			}
			findings = append(findings, missing...)
		}
	}
	findings = append(findings, lattice.Check(docs...)...)
	findings = append(findings, lattice.CheckTimes(a.Sys.Now(), credentials.UserOf(ctx, a.Sys.Home()), docs...)...)
	finding.Sort(findings)
	findings = slices.Compact(findings) // what several include is told once
	return a.ShowFindings(findings, paths, nil, a.keystoresOf(ctx, docs, seeds)...)
}

// mostTracked bounds a file that is searched for seeds, in bytes.
const mostTracked = 1 << 20

// trackedSeeds are findings about seeds in files that git tracks: of all below the
// folder those that are named as latch names files with seeds. The folder may have
// been searched for another manifest.
func (a verbs) trackedSeeds(ctx context.Context, dir string, searched map[string]bool) []finding.Finding {
	if searched[dir] {
		return nil
	}
	searched[dir] = true
	extensions := []string{".nk"}
	for _, d := range env.Dialects() {
		extensions = append(extensions, filepath.Ext(d.Extension()))
	}
	var findings []finding.Finding
	for _, name := range a.Tracked(ctx, dir) {
		if !slices.Contains(extensions, filepath.Ext(name)) {
			continue
		}
		path := filepath.Join(dir, name)
		text, err := safefile.ReadStart(path, mostTracked)
		if err == nil { // one that is gone holds nothing
			findings = append(findings, lattice.CheckTracked(path, text)...)
		}
		clear(text)
	}
	return findings
}

// missingSeeds are findings about seeds that the manifest's keystore lacks. No seed
// is opened.
func (a verbs) missingSeeds(ctx context.Context, doc *lattice.Document) ([]finding.Finding, error) {
	store, err := a.KeystoreOf(doc)
	if err != nil {
		return nil, err
	}
	entries, err := store.List(ctx)
	if err != nil {
		return nil, err
	}
	return lattice.CheckSeeds(doc, store.URI(), app.PublicKeys(entries)), nil
}
