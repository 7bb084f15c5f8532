package app

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/wasmcloud"
)

// CompleteHosts offers the names of the manifest's hosts, for shells.
func (a *App) CompleteHosts(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	file, err := a.Manifest()
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

// CompleteIssuers offers the names of the manifest's issuers, for shells.
func (a *App) CompleteIssuers(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	file, err := a.Manifest()
	if err != nil || len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, is := range file.Manifest().Issuers {
		names = append(names, is.Name+"\t"+is.PublicKey.String())
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}

// CompleteKeyNames offers the names in the keystore, for shells.
func (a *App) CompleteKeyNames(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	store, err := a.Keystore()
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

// NewestTarget is the default: its environment holds both names of the lattice,
// so that every older host reads it right too.
func NewestTarget() string {
	targets := wasmcloud.Targets()
	return targets[len(targets)-1].String()
}

// TargetNames are the targets whose hosts read cluster keys.
func TargetNames() string { return joined(wasmcloud.Targets()) }

// AllTargetNames are those too that ignore them.
func AllTargetNames() string { return joined(wasmcloud.AllTargets()) }

func joined(targets []wasmcloud.Target) string {
	var names []string
	for _, t := range targets {
		names = append(names, t.String())
	}
	return strings.Join(names, ", ")
}

// CompleteTargets offers the targets whose hosts read cluster keys, for shells.
func CompleteTargets(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return strings.Split(TargetNames(), ", "), cobra.ShellCompDirectiveNoFileComp
}

// CompleteAllTargets offers every target, for shells.
func CompleteAllTargets(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	return strings.Split(AllTargetNames(), ", "), cobra.ShellCompDirectiveNoFileComp
}
