package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/cachecmd"
	"github.com/latch-keys/latch/cmd/configcmd"
	"github.com/latch-keys/latch/cmd/doctorcmd"
	"github.com/latch-keys/latch/cmd/envcmd"
	"github.com/latch-keys/latch/cmd/hostscmd"
	"github.com/latch-keys/latch/cmd/invocationcmd"
	"github.com/latch-keys/latch/cmd/issuerscmd"
	"github.com/latch-keys/latch/cmd/keyscmd"
	"github.com/latch-keys/latch/cmd/keystorecmd"
	"github.com/latch-keys/latch/cmd/latticecmd"
	"github.com/latch-keys/latch/cmd/natscmd"
	"github.com/latch-keys/latch/cmd/scancmd"
	"github.com/latch-keys/latch/internal/process"
)

// Main runs the command that sys.Args ask for and gives the exit code (see
// exit.go). It returns; ending the process is the caller's.
func Main(ctx context.Context, sys process.System) int {
	a := app.New(sys)
	root := newRoot(a)
	root.SetArgs(sys.Arguments())
	done := make(chan error, 1)
	go func() { done <- root.ExecuteContext(ctx) }()
	if err := a.Await(ctx, done); err != nil {
		return a.End(err)
	}
	return 0
}

// newRoot builds the whole tree, its children in reading order.
func newRoot(a *app.App) *cobra.Command {
	root := &cobra.Command{
		Use:   "latch",
		Short: "Manage the cluster keys of wasmCloud lattices",
		Long: `latch manages the cluster keys of wasmCloud lattices: it makes them, says exactly
whether a host will accept one, stores the seeds, rotates keys without a refused
call, and writes the environment of every host.`,
		Example: `  latch keys gen cluster
  latch lattice init --prefix prod --host web-1 --host web-2
  latch env write`,
		Version: a.Sys.Release(),
	}
	root.SetVersionTemplate("latch {{.Version}}\n")
	a.Attach(root)
	inGroup(root, "keys", "Keys:", keyscmd.New(a), keystorecmd.New(a))
	inGroup(root, "lattice", "Lattice:", latticecmd.New(a), hostscmd.New(a), issuerscmd.New(a))
	inGroup(root, "hosts", "What hosts read and send:", envcmd.New(a), natscmd.New(a), cachecmd.New(a), invocationcmd.New(a), scancmd.New(a))
	help := newHelp()
	inGroup(root, "latch", "latch itself:", configcmd.New(a), doctorcmd.New(a), newVersion(a), help, newCompletion(a))
	root.SetHelpCommand(help)
	root.AddCommand(topics(root)...)
	root.SetUsageFunc(usage(a.Width))
	addAliases(root)
	if words := a.Sys.Arguments(); isCompleting(words) {
		if typed, _, err := root.Find(words[1:]); err == nil {
			complete(a, typed)
		}
		complete(a, root)
	}
	return root
}

// isCompleting tells whether a shell asks for completions. Only then is the command
// that was typed furnished with them: for all it would take as long as all else.
func isCompleting(arguments []string) bool {
	return len(arguments) > 0 && (arguments[0] == cobra.ShellCompRequestCmd || arguments[0] == cobra.ShellCompNoDescRequestCmd)
}

// inGroup adds commands under a title of their own in the help.
func inGroup(root *cobra.Command, id, title string, commands ...*cobra.Command) {
	root.AddGroup(&cobra.Group{ID: id, Title: title})
	for _, c := range commands {
		c.GroupID = id
	}
	root.AddCommand(commands...)
}

// addAliases gives every verb the short names that gh, kubectl and nats have for
// it, unless a sibling is called so.
func addAliases(c *cobra.Command) {
	habits := map[string]string{"list": "ls", "delete": "rm", "remove": "rm", "gen": "new", "get": "show"}
	taken := map[string]bool{}
	for _, child := range c.Commands() {
		taken[child.Name()] = true
	}
	for _, child := range c.Commands() {
		if alias, usual := habits[child.Name()]; usual && !taken[alias] && child.Parent().HasParent() {
			child.Aliases = append(child.Aliases, alias)
		}
		addAliases(child)
	}
}
