package latticecmd

import (
	"errors"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/credentials"
	"github.com/latch-keys/latch/internal/lattice"
)

func newCheck(a verbs) *cobra.Command {
	c := &cobra.Command{
		Use:   "check [MANIFEST...]",
		Short: "Check a manifest; needs no secret",
		Long: `Checks that the hosts of a manifest can talk to each other: one clean prefix, every
host signs with one of the issuers, no published key, targets that read cluster
keys. Given several manifests, it also checks that no key is used in two lattices.
Needs no secret.

Exit code 3 if there is an error; with warnings alone it is 0.`,
		Example: "  latch lattice check\n  latch lattice check prod.yaml staging.yaml",
		Args:    cobra.ArbitraryArgs,
		RunE:    func(_ *cobra.Command, args []string) error { return a.check(args) },
	}
	app.GivesSARIF(c)
	return c
}

func (a verbs) check(paths []string) error {
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
	}
	findings = append(findings, lattice.Check(docs...)...)
	findings = append(findings, lattice.CheckTimes(a.Sys.Now(), userOf, docs...)...)
	lattice.SortFindings(findings)
	return a.ShowFindings(findings, paths, nil)
}

// userOf finds the JWT of a user where it is at hand: in the manifest, or in a file
// that can be read here, which it need not be.
func userOf(d *lattice.Document, c lattice.Connection) (lattice.UserJWT, bool) {
	user, err := credentials.NewResolver(lattice.Manifest{}, filepath.Dir(d.Path()), nil).User(c)
	return user, err == nil
}
