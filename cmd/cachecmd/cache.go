package cachecmd

import (
	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
)

// verbs are the commands of the noun: each is a method.
type verbs struct{ *app.App }

// New builds `latch cache`.
func New(shared *app.App) *cobra.Command {
	a := verbs{shared}
	c := &cobra.Command{Use: "cache", Short: "Show, purge and restore what JetStream keeps of a lattice"}
	app.AsGroup(c)
	c.AddCommand(newShow(a), newPurge(a), newRestore(a))
	return c
}
