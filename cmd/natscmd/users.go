package natscmd

import (
	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/listflag"
)

func newUsers(a verbs) *cobra.Command {
	c := &cobra.Command{
		Use:   "users",
		Short: "Issue, list and revoke the NATS users of the hosts",
		Long: `Issues the NATS users of the hosts, one for each connection of each host, lists them,
and revokes them one by one. The account is what separates a lattice from others; a
user of its own lets a provider be disabled without harming its host.`,
	}
	app.AsGroup(c)
	c.AddCommand(newUsersIssue(a), newUsersList(a), newUsersRevoke(a), newUsersConfig(a))
	return c
}

// forFlag adds the flag that names connections.
func forFlag(c *cobra.Command, into *[]string, use string) {
	listflag.Add(c.Flags(), into, "for", use+": rpc, ctl, prov_rpc")
	_ = c.RegisterFlagCompletionFunc("for", cobra.FixedCompletions([]string{
		"rpc\tcalls between hosts", "ctl\tcontrol commands", "prov_rpc\tcalls to providers",
	}, cobra.ShellCompDirectiveNoFileComp))
}
