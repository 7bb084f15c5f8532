package cmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/settings"
)

// newExitCodes is a help topic: `latch help exit-codes`.
func newExitCodes() *cobra.Command {
	return &cobra.Command{
		Use:   "exit-codes",
		Short: "What the exit codes mean",
		Long: fmt.Sprintf(`Every command ends with one of these codes:

    0  done, or the answer is yes
  %3d  failed
  %3d  usage: the command line cannot be understood
  %3d  the answer is no: an invalid key, drift, a failed check
  %3d  not found, locked or unavailable
  %3d  refused for safety
  %3d  interrupted

latch env exec gives the exit code of the program it runs.`,
			fault.Failed.ExitCode(), fault.Usage.ExitCode(), fault.No.ExitCode(), fault.NotFound.ExitCode(), fault.Refused.ExitCode(), fault.Interrupted.ExitCode()),
	}
}

// newEnvironment is a help topic: `latch help environment`.
func newEnvironment() *cobra.Command {
	var rows strings.Builder
	for _, s := range settings.Table() {
		fmt.Fprintf(&rows, "  %-18s %s\n", s.Variable, s.Use)
	}
	return &cobra.Command{
		Use:   "environment",
		Short: "The variables latch reads",
		Long: `latch reads these variables of its own environment; empty means not set:

` + rows.String() + `  LATCH_CONFIG       the settings file
  LATCH_SEED_<NAME>  a seed, for the env: keystore; the name in upper case,
                     every character but letters and digits as _
  NO_COLOR           no colour, whatever its value

None of the LATCH_ variables reaches a program started by latch env exec.`,
	}
}
