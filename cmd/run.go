package cmd

import (
	"context"
	"sync"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/process"
)

// Main runs the command that sys.Args ask for and gives the exit code (see
// exit.go). It returns; ending the process is the caller's.
func Main(ctx context.Context, sys process.System) int {
	a := app.New(sys)
	a.Knows(sync.OnceValue(func() *cobra.Command { return newRoot(app.New(sys)) }))
	root := rootFor(a, sys.Arguments())
	root.SetArgs(sys.Arguments())
	done := make(chan error, 1)
	go func() { done <- root.ExecuteContext(ctx) }()
	if err := a.Await(ctx, done); err != nil {
		return a.End(err)
	}
	return 0
}

// isCompleting tells whether a shell asks for completions. Only then is the command
// that was typed furnished with them: for all it would take as long as all else.
func isCompleting(arguments []string) bool {
	return len(arguments) > 0 && (arguments[0] == cobra.ShellCompRequestCmd || arguments[0] == cobra.ShellCompNoDescRequestCmd)
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
