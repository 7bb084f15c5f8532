package latticecmd

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/lattice"
)

func newCheck(a verbs) *cobra.Command {
	var seeds bool
	c := &cobra.Command{
		Use:   "check [MANIFEST...]",
		Short: "Check a manifest; needs no secret",
		Long: `Checks that the hosts of a manifest can talk to each other: one clean prefix, every
host signs with one of the issuers, no published key, targets that read cluster
keys. Given several manifests, it also checks that no key is used in two lattices.
Needs no secret. --seeds also looks into the keystore of each manifest, and names
the seeds that it lacks.

Exit code 3 if there is an error; with warnings alone it is 0.`,
		Example: "  latch lattice check\n  latch lattice check prod.yaml staging.yaml\n  latch lattice check --seeds",
		Args:    cobra.ArbitraryArgs,
		RunE:    func(c *cobra.Command, args []string) error { return a.check(c.Context(), args, seeds) },
	}
	c.Flags().BoolVar(&seeds, "seeds", false, "also check that the keystore has every seed that is needed")
	app.GivesSARIF(c)
	return c
}

func (a verbs) check(ctx context.Context, paths []string, seeds bool) error {
	if len(paths) == 0 {
		s, err := a.Settings()
		if err != nil {
			return err
		}
		paths = []string{s.Manifest}
	}
	findings := []lattice.Finding{}
	var docs []*lattice.Document
	for _, path := range paths {
		doc, err := lattice.Load(path)
		var broken lattice.Errors
		if errors.As(err, &broken) {
			findings = append(findings, broken.Findings()...)
			continue
		}
		if err != nil {
			return err
		}
		docs = append(docs, doc)
		if seeds {
			missing, err := a.missingSeeds(ctx, doc)
			if err != nil {
				return err
			}
			findings = append(findings, missing...)
		}
	}
	findings = append(findings, lattice.Check(docs...)...)
	findings = append(findings, lattice.CheckAge(a.Sys.Now(), docs...)...)
	lattice.SortFindings(findings)
	return a.ShowFindings(findings, paths, nil)
}

// missingSeeds are findings about seeds that the manifest's keystore lacks. No seed
// is opened.
func (a verbs) missingSeeds(ctx context.Context, doc *lattice.Document) ([]lattice.Finding, error) {
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
