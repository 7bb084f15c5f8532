package cmd

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/settings"
)

// topics are what `latch help` explains beside the commands.
func topics(root *cobra.Command) []*cobra.Command {
	return []*cobra.Command{newTargets(), newDialects(), newRotation(), newKeystores(), newExitCodes(), newEnvironment(), newFlags(root)}
}

// page is where the documentation says more.
func page(name string) string {
	return "\nMore: https://github.com/latch-keys/latch/blob/main/docs/" + name
}

// newTargets is a help topic: `latch help targets`.
func newTargets() *cobra.Command {
	return &cobra.Command{
		Use:   "targets",
		Short: "Explain what hosts an environment is made for",
		Long: `A target says which wasmCloud hosts an environment is made for. It stands in the
manifest, for the whole lattice or for one host.

Hosts that read cluster keys:
  ` + app.TargetNames() + `

All targets:
  ` + app.AllTargetNames() + `

wasmCloud 1.0 removed cluster keys: those targets take only the connection to NATS.
` + page("env-check.md"),
	}
}

// newDialects is a help topic: `latch help dialects`.
func newDialects() *cobra.Command {
	var rows strings.Builder
	for _, d := range env.Dialects() {
		fmt.Fprintf(&rows, "  %-20s %s\n", d.Name(), d.About())
	}
	return &cobra.Command{
		Use:   "dialects",
		Short: "List the forms in which an environment is written",
		Long: `A dialect is the form of an environment: who reads it decides how values are quoted.

` + rows.String() + page("environment.md"),
	}
}

// newRotation is a help topic: `latch help rotation`.
func newRotation() *cobra.Command {
	return &cobra.Command{
		Use:   "rotation",
		Short: "Explain how a key is replaced without a refused call",
		Long: `A rotation replaces cluster keys in three steps. Between any two of them, hosts of both
sides accept each other's calls:

  introduce   every host accepts the new key; all still sign with the old one
  switch      hosts sign with the new key; both are accepted
  retire      no host accepts the old key any more

    latch issuers rotate start     begins, with the first step
    latch env write                writes every host's environment; copy and restart
    latch issuers rotate status    says which hosts are not there yet
    latch issuers rotate next      takes the next step, once every host is ready
    latch issuers rotate abort     goes back

After a leak: latch issuers rotate emergency.
` + page("rotation.md"),
	}
}

// newKeystores is a help topic: `latch help keystores`.
func newKeystores() *cobra.Command {
	return &cobra.Command{
		Use:   "keystores",
		Short: "Explain where seeds can be stored",
		Long: `A keystore is chosen by a URI: --keystore, LATCH_KEYSTORE, the manifest, the settings
file, or the default. latch never falls back from one to another.

  keyring:   the keyring of the operating system (the default)
  age:DIR    files encrypted with age: for teams, CI and git
  dir:DIR    plain files that only you can read
  env:       the variables LATCH_SEED_<NAME>, read only: for CI
  exec:CMD   what a command prints for a name, read only: for password managers
  nats://HOST:PORT/BUCKET
             a bucket of NATS JetStream, encrypted before it leaves: for teams,
             and hosts on many machines
  vault:MOUNT/PATH
             secrets in a KV version 2 mount of OpenBao or Vault: where a company
             keeps its secrets already; VAULT_ADDR names the server

A relative DIR in a manifest starts at the manifest; ~/ is your home folder.
` + page("keystores.md"),
	}
}

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
  141  a command that changes nothing, and nobody reads on: latch keys list | head -1

latch env exec ends with the exit code of the program it runs.
`+page("cli/latch.md"),
			fault.Failed.ExitCode(), fault.Usage.ExitCode(), fault.No.ExitCode(), fault.NotFound.ExitCode(), fault.Refused.ExitCode(), fault.Interrupted.ExitCode()),
	}
}

// newEnvironment is a help topic: `latch help environment`.
func newEnvironment() *cobra.Command {
	var rows strings.Builder
	row := func(name, use string) { fmt.Fprintf(&rows, "  %-21s  %s\n", name, use) }
	for _, s := range settings.Table() {
		row(s.Variable, s.Use)
	}
	row("LATCH_CONFIG", "the settings file")
	row("LATCH_SEED_<NAME>", "a seed of the env: keystore; the name in upper case, with _ for every character that is no letter or digit")
	row("NO_COLOR", "turns colours off, whatever its value")
	row("CLICOLOR", "0 turns colours off")
	row("CLICOLOR_FORCE", "turns colours on, also where there is no terminal; not 0")
	row("TERM", "dumb turns colours and progress bars off")
	row("COLUMNS", "how wide the terminal is; else it is asked")
	return &cobra.Command{
		Use:   "environment",
		Short: "List the variables that latch reads",
		Long: `latch reads these variables; an empty one counts as not set:

` + rows.String() + `
latch env exec removes all LATCH_ variables from the program's environment.
` + page("environment.md"),
	}
}
