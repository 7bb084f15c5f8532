package cmd

import (
	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/lattice"
)

func newLattice(a *app) *cobra.Command {
	c := &cobra.Command{Use: "lattice", Short: "Make, see and judge a lattice's manifest"}
	asGroup(c)
	c.AddCommand(newLatticeInit(a), newLatticeShow(a), newLatticeCheck(a))
	return c
}

// manifest loads the manifest in use.
func (a *app) manifest() (*lattice.Document, error) {
	s, err := a.settings()
	if err != nil {
		return nil, err
	}
	doc, err := lattice.Load(s.Manifest)
	if err == nil && a.read == nil {
		a.read = doc
	}
	return doc, err
}
