package cmd

import (
	"github.com/spf13/cobra"
)

func newIssuers(a *app) *cobra.Command {
	c := &cobra.Command{Use: "issuers", Short: "The keys that hosts accept, their age, and their rotation"}
	asGroup(c)
	c.AddCommand(newIssuersList(a), newIssuersAdd(a), newIssuersRemove(a), newRotate(a))
	return c
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
