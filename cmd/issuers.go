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
