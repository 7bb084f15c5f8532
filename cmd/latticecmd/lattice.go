package latticecmd

import (
	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
)

// verbs are the commands of the noun: each is a method.
type verbs struct{ *app.App }

// New builds `latch lattice`.
func New(shared *app.App) *cobra.Command {
	a := verbs{shared}
	c := &cobra.Command{Use: "lattice", Short: "Make, show and check a lattice, and ask its hosts"}
	app.AsGroup(c)
	c.AddCommand(newInit(a), newShow(a), newCheck(a), newStatus(a), newProbe(a), newAdopt(a), newSchema(a), newPublish(a), newUnpublish(a), newFetch(a), newHistory(a))
	return c
}
