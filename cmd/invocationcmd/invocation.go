package invocationcmd

import (
	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
)

// verbs are the commands of the noun: each is a method.
type verbs struct{ *app.App }

// New builds `latch invocation`.
func New(shared *app.App) *cobra.Command {
	a := verbs{shared}
	c := &cobra.Command{Use: "invocation", Short: "Make, show and verify signed calls"}
	app.AsGroup(c)
	c.AddCommand(newSign(a), newInspect(a), newVerify(a), newTap(a))
	return c
}
