package cmd

import (
	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/lattice"
)

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

// newApp is what the commands of one run share.
func newApp(sys System) *app { return &app{sys: sys} }

// attach makes root a command of this process: its streams, the flags that all
// commands have, how errors are told, and what is refused before anything runs.
func (a *app) attach(root *cobra.Command) {
	asGroup(root)
	root.PersistentPreRunE = a.guard
	root.SilenceErrors, root.SilenceUsage = true, true
	root.SetIn(a.sys.Stdin)
	root.SetOut(a.sys.Stdout)
	root.SetErr(a.sys.Stderr)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error { return usageOf(c, err) })
	a.flags.register(root)
}
