package natscmd

import (
	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
)

func newUsers(a verbs) *cobra.Command {
	c := &cobra.Command{
		Use:   "users",
		Short: "Issue, list and revoke the NATS users of the hosts",
	}
	app.AsGroup(c)
	c.AddCommand(newUsersConfig(a))
	return c
}
