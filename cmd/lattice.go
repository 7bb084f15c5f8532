package cmd

import (
	"github.com/spf13/cobra"
)

func newLattice(a *app) *cobra.Command {
	c := &cobra.Command{Use: "lattice", Short: "Make, see and judge a lattice's manifest"}
	asGroup(c)
	c.AddCommand(newLatticeInit(a), newLatticeShow(a), newLatticeCheck(a))
	return c
}
