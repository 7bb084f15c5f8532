package cmd

import (
	"context"
	"errors"
	"fmt"
	"os/exec"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/env"
)

func newEnvExec(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "exec HOST -- CMD [ARG...]",
		Short: "Run a program with a host's environment, nothing on disk",
		Long: `Runs a program with a host's environment added to its own. No shell is
involved, nothing is written to disk, latch's own LATCH_ variables are removed.
Signals go to the program, and its exit code is the command's.`,
		Example:           "  latch env exec web-1 -- wasmcloud_host",
		Args:              execArgs,
		ValidArgsFunction: a.completeHosts,
		RunE: func(c *cobra.Command, args []string) error {
			return a.envExec(c.Context(), args[0], args[1:])
		},
	}
}

// execArgs demands HOST, then -- and a program.
func execArgs(c *cobra.Command, args []string) error {
	switch dash := c.ArgsLenAtDash(); {
	case len(args) == 0 || dash == 0:
		return usageIn(c, "HOST is missing")
	case dash != 1:
		return usageIn(c, "the program to run must come after HOST and --")
	case len(args) == 1:
		return usageIn(c, "the program to run is missing after --")
	}
	return nil
}

func (a *app) envExec(ctx context.Context, host string, argv []string) error {
	file, err := a.manifest()
	if err != nil {
		return err
	}
	path, err := exec.LookPath(argv[0])
	if err != nil {
		return &notFound{fmt.Errorf("cannot run %s: %w", argv[0], errors.Unwrap(err))}
	}
	environments, wipe, err := a.environments(ctx, file, []string{host})
	if err != nil {
		return err
	}
	defer wipe()
	environ, err := env.Child(a.sys.Environ, environments[0])
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	code, err := a.sys.Replace(path, argv, environ)
	if err != nil {
		return fmt.Errorf("failed to run %s: %w", path, err)
	}
	return &exitError{code}
}
