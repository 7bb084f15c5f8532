package cmd

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/lattice"
)

// newestTarget is the default: its environment holds both names of the lattice,
// so that every older host reads it right too.
func newestTarget() string {
	targets := lattice.Targets()
	return targets[len(targets)-1].String()
}

// targetNames are the targets whose hosts read cluster keys.
func targetNames() string { return joined(lattice.Targets()) }

// allTargetNames are those too that ignore them.
func allTargetNames() string { return joined(lattice.AllTargets()) }

func joined(targets []lattice.Target) string {
	var names []string
	for _, t := range targets {
		names = append(names, t.String())
	}
	return strings.Join(names, ", ")
}

func completeTargets(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return strings.Split(targetNames(), ", "), cobra.ShellCompDirectiveNoFileComp
}

func completeAllTargets(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return strings.Split(allTargetNames(), ", "), cobra.ShellCompDirectiveNoFileComp
}
