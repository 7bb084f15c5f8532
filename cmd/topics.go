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
		Short: "Explain the exit codes",
		Long: fmt.Sprintf(`Every command ends with one of these codes:

    0  done, or the answer is yes
  %3d  failed
  %3d  usage error: the command line or a setting is wrong
  %3d  the answer is no: an invalid key, drift, a failed check
  %3d  not found, locked or unavailable
  %3d  refused for safety
  %3d  interrupted

latch env exec ends with the exit code of the program it runs.`,
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
		Short: "List the variables that latch reads",
		Long: `latch reads these variables; an empty one counts as not set:

` + rows.String() + `  LATCH_CONFIG       the settings file
  LATCH_SEED_<NAME>  a seed of the env: keystore; the name in upper case, with _
                     for every character that is no letter or digit
  NO_COLOR           turns colours off, whatever its value

latch env exec removes all LATCH_ variables from the program's environment.`,
	}
}
