package invocationcmd

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/printable"
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

// The forms of a field: what an invocation says, and what is said below its verdict.
const (
	alone = "%-11s %s\n"
	below = "  %-10s %s\n"
)

// field writes a name and a value, unless that is empty. Values come from whoever
// sends: none makes a line of its own.
func field(w io.Writer, form, name, value string) {
	if value != "" {
		fmt.Fprintf(w, form, name+":", printable.Line(value))
	}
}
