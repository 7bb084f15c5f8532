package app

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/safefile"
)

// Settle finishes or undoes what an interrupted write has left in a folder, and
// says so.
func (a *App) Settle(ctx context.Context, dir string) error {
	how, err := safefile.Settle(ctx, dir)
	if err == nil {
		a.SayHowSettled(dir, how)
	}
	return err
}

// SayHowSettled tells how a change was settled that a killed run had begun.
func (a *App) SayHowSettled(dir string, how safefile.Settled) {
	switch how {
	case safefile.Finished:
		a.Warn("an earlier write to %s was interrupted; latch has finished it", dir)
	case safefile.Undone:
		a.Warn("an earlier write to %s was interrupted; latch has undone it", dir)
	}
}

// AddReadByFlag adds --read-by, which takes one of the names; the first is the default.
func AddReadByFlag(c *cobra.Command, into *string, names []string) {
	c.Flags().StringVar(into, "read-by", names[0], "who reads the files: "+strings.Join(names, ", "))
	_ = c.RegisterFlagCompletionFunc("read-by", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
}
