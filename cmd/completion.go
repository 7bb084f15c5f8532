package cmd

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/lattice"
)

// completeHosts offers the names of the manifest's hosts, for shells.
func (a *app) completeHosts(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	file, err := a.manifest()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, h := range file.Manifest().Hosts {
		if !slices.Contains(args, h.Name) {
			names = append(names, h.Name)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// completeIssuers offers the names of the manifest's issuers, for shells.
func (a *app) completeIssuers(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	file, err := a.manifest()
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, is := range file.Manifest().Issuers {
		names = append(names, is.Name+"\t"+is.PublicKey.String())
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// completeKeyNames offers the names in the keystore, for shells.
func (a *app) completeKeyNames(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	store, err := a.keystore()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	entries, _ := store.List(c.Context())
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, e.Name+"\t"+e.PublicKey.String())
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

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
