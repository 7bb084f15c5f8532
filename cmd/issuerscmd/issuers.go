package issuerscmd

import (
	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
)

// verbs are the commands of the noun: each is a method.
type verbs struct{ *app.App }

// New builds `latch issuers`.
func New(shared *app.App) *cobra.Command {
	a := verbs{shared}
	c := &cobra.Command{Use: "issuers", Short: "Manage and rotate the keys that hosts accept"}
	app.AsGroup(c)
	c.AddCommand(newList(a), newAdd(a), newRemove(a), newRotate(a))
	return c
}
