package cmd

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/lattice"
)

// Main runs the command that sys.Args ask for and gives the exit code (see
// exit.go). It returns; ending the process is the caller's.
func Main(ctx context.Context, sys System) int {
	a := &app{sys: sys}
	root := newRoot(a)
	root.SetArgs(sys.arguments())
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	if ctx.Err() != nil {
		err = errInterrupted
	}
	var ended *exitError
	if !errors.As(err, &ended) {
		a.printError(err)
	}
	return exitCode(err)
}

// app is what commands share: the process they run in and the settings, read
// when first needed, so that help opens no file.
type app struct {
	sys    System
	loaded *settings
	flags  settingFlags
	secret []byte            // the passphrase that was read, which a descriptor gives once
	read   *lattice.Document // the manifest, as the command first read it
}

// guard refuses before a command does anything what none of them may be given.
func (a *app) guard(c *cobra.Command, args []string) error {
	if err := guardPaste(c, args); err != nil {
		return err
	}
	return a.refuseSARIF(c)
}

// newRoot builds the whole tree, its children in reading order.
func newRoot(a *app) *cobra.Command {
	root := &cobra.Command{
		Use:   "latch",
		Short: "Cluster keys of wasmCloud lattices",
		Long: `latch owns the cluster keys of wasmCloud lattices: it makes them, says exactly
whether a host will accept one, keeps the seeds, and writes what each host
must be told.`,
		Example: `  latch keys gen cluster
  latch lattice init --prefix prod --host web-1 --host web-2
  latch env write`,
		PersistentPreRunE: a.guard,
		SilenceErrors:     true,
		SilenceUsage:      true,
	}
	asGroup(root)
	root.SetIn(a.sys.Stdin)
	root.SetOut(a.sys.Stdout)
	root.SetErr(a.sys.Stderr)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return usageOf(c, err) })
	a.flags.register(root)
	root.AddCommand(
		newKeys(a),
		newKeystore(a),
		newLattice(a),
		newHosts(a),
		newIssuers(a),
		newEnv(a),
		newConfig(a),
		newVersion(a),
		newExitCodes(),
		newEnvironment(),
	)
	return root
}
