package cmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/fault"
)

// Main runs the command that sys.Args ask for and gives the exit code (see
// exit.go). It returns; ending the process is the caller's.
func Main(ctx context.Context, sys System) int {
	a := newApp(sys)
	root := newRoot(a)
	root.SetArgs(sys.arguments())
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	if ctx.Err() != nil {
		err = fault.New(fault.Interrupted, "interrupted")
	}
	return a.end(err)
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
	}
	a.attach(root)
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
