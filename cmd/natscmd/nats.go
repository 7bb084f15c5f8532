package natscmd

import (
	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
)

// verbs are the commands of the noun: each is a method.
type verbs struct{ *app.App }

// New builds `latch nats`.
func New(shared *app.App) *cobra.Command {
	a := verbs{shared}
	c := &cobra.Command{Use: "nats", Short: "Manage and check the NATS users of a lattice"}
	app.AsGroup(c)
	c.AddCommand(newCheck(a), newPermissions(a), newUsers(a), newOperator(a))
	return c
}
