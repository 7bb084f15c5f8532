package cmd

import (
	"fmt"

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
)

// branch is a command below root, known by its name before it is built.
type branch struct {
	name string
	make func(*app.App) *cobra.Command
}

// section is what the help of root shows under one title.
type section struct {
	id, title string
	branches  []branch
}

// sections are in reading order.
func sections() []section {
	return []section{
		{"keys", "Keys:", []branch{{"keys", keyscmd.New}, {"keystore", keystorecmd.New}}},
		{"lattice", "Lattice:", []branch{{"lattice", latticecmd.New}, {"hosts", hostscmd.New}, {"issuers", issuerscmd.New}}},
		{"hosts", "What hosts read and send:", []branch{
			{"env", envcmd.New}, {"nats", natscmd.New}, {"cache", cachecmd.New}, {"invocation", invocationcmd.New}, {"scan", scancmd.New},
		}},
		{"latch", "latch itself:", []branch{
			{"config", configcmd.New}, {"doctor", doctorcmd.New}, {"version", newVersion}, {"help", newHelp}, {"completion", newCompletion},
		}},
	}
}

// newRoot builds the whole tree.
func newRoot(a *app.App) *cobra.Command {
	root := bareRoot(a)
	for _, s := range sections() {
		root.AddGroup(&cobra.Group{ID: s.id, Title: s.title})
		for _, b := range s.branches {
			c := b.make(a)
			c.GroupID = s.id
			root.AddCommand(c)
			if b.name == "help" {
				root.SetHelpCommand(c)
			}
		}
	}
	root.AddCommand(topics(root)...)
	addAliases(root)
	return root
}

// rootFor builds what a command line needs of the tree. All of it would take as
// long as everything else that a simple command does.
func rootFor(a *app.App, words []string) *cobra.Command {
	completing := isCompleting(words)
	if completing {
		a.Silence()
		words = words[1:]
	}
	root := onlyBranch(a, words, completing)
	if root == nil {
		root = newRoot(a)
	}
	if completing {
		if typed, _, err := root.Find(words); err == nil {
			complete(a, typed)
		}
		complete(a, root)
	}
	return root
}

// onlyBranch is root with the one command that the first word names; nil where it
// names none, or where help may be about any of them.
func onlyBranch(a *app.App, words []string, completing bool) *cobra.Command {
	if len(words) == 0 || words[0] == "help" || words[0] == "completion" || completing && len(words) < 2 {
		return nil
	}
	for _, s := range sections() {
		for _, b := range s.branches {
			if b.name == words[0] {
				root := bareRoot(a)
				root.AddCommand(b.make(a))
				root.SetHelpCommand(newHelp(a))
				addAliases(root)
				return root
			}
		}
	}
	return nil
}

// bareRoot is latch without a command.
func bareRoot(a *app.App) *cobra.Command {
	root := &cobra.Command{
		Use:   "latch",
		Short: "Manage the cluster keys of wasmCloud lattices",
		Long: `latch manages the cluster keys of wasmCloud lattices: it makes them, says exactly
whether a host will accept one, stores the seeds, rotates keys without a refused
call, and writes the environment of every host.`,
		Example: `  latch keys gen cluster
  latch lattice init --prefix prod --host web-1 --host web-2
  latch env write`,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	a.Attach(root)
	addVersionFlag(a, root)
	root.SetUsageFunc(usage(a.Width))
	root.SetHelpFunc(help(a.Width))
	return root
}

// addVersionFlag takes the place of cobra's own flag, whose words can be changed
// only by a template: with that, the linker keeps every method of every type, 3 MB.
func addVersionFlag(a *app.App, root *cobra.Command) {
	asked := root.Flags().BoolP("version", "v", false, "version for latch")
	help := root.RunE
	root.RunE = func(c *cobra.Command, args []string) error {
		if !*asked {
			return help(c, args)
		}
		_, err := fmt.Fprintln(a.Sys.Stdout, "latch", a.Sys.Release())
		return app.StdoutError(err)
	}
}
