// Package app is what the commands share: the process as a System, the settings,
// showing results and errors, exit codes, completion, confirming, passphrases,
// and the manifest and the keystore at hand.
//
// What is said where: stdout carries the data asked for and nothing else;
// everything said to the person goes to stderr. Errors are lower case, without
// a full stop, and say what failed, where and why; the next command to type
// stands on its own line after "hint:". Public keys are shown, seeds never,
// unless asked for by `keys gen`, `keys get --seed`, `keys export --plain` and
// `env print`.
package app

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/process"
	"github.com/latch-keys/latch/internal/settings"
)

// App is what commands share: the process they run in and the settings, read
// when first needed, so that help opens no file.
type App struct {
	Sys      process.System
	loaded   atomic.Pointer[settings.Settings] // atomic: an interrupt is told of beside the command
	flags    globalFlags
	whole    func() *cobra.Command  // see Knows
	form     atomic.Pointer[string] // of what is printed, see Form; atomic likewise
	changing sync.RWMutex           // held for reading by Change
	outlasts atomic.Bool            // see Outlast
	left     atomic.Bool            // the command was interrupted and still runs
	plain    bool                   // no colours, whatever the settings say
	secret   []byte                 // the passphrase that was read, which a descriptor gives once
	read     *lattice.Document      // the manifest, as the command first read it
	manifest string                 // its path, once it was looked for
	silent   bool                   // nothing is said, as while a shell completes
	several  bool                   // the command runs for each of several lattices
	gathers  bool                   // documents are kept, to be shown together
	gathered any                    // the one that was kept last
	did      bool                   // something was changed, see DoneUnprinted
}

// guard refuses before a command does anything what none of them may be given.
func (a *App) guard(c *cobra.Command, args []string) error {
	a.flags.running = c
	if err := guardPaste(c, args); err != nil {
		return err
	}
	if fromCobra(c) {
		return nil
	}
	if err := refuseEmpty(c, args); err != nil {
		return err
	}
	if err := UsageOf(c, c.ValidateRequiredFlags()); err != nil {
		return err
	}
	if err := c.ValidateFlagGroups(); err != nil {
		return apart(c, err)
	}
	if err := a.refuseSeveral(c); err != nil {
		return err
	}
	return a.decideForm(c)
}

// apart names the flags of which only one can be given, as cobra lists them: "[a b]
// were all set".
func apart(c *cobra.Command, err error) error {
	_, list, _ := strings.Cut(err.Error(), "; [")
	names, _, found := strings.Cut(list, "]")
	if !found {
		return UsageOf(c, err)
	}
	return UsageIn(c, "--%s cannot be given together", strings.ReplaceAll(names, " ", " and --"))
}

// fromCobra reports whether c is one that cobra makes, to help or to complete.
func fromCobra(c *cobra.Command) bool {
	for ; c != nil; c = c.Parent() {
		switch c.Name() {
		case "help", "completion", cobra.ShellCompRequestCmd, cobra.ShellCompNoDescRequestCmd:
			return true
		}
	}
	return false
}

// New is what the commands of one run share.
func New(sys process.System) *App { return &App{Sys: sys} }

// Attach makes root a command of this process: its streams, the flags that all
// commands have, how errors are told, and what is refused before anything runs.
func (a *App) Attach(root *cobra.Command) {
	AsGroup(root)
	root.PersistentPreRunE = a.guard
	root.SilenceErrors, root.SilenceUsage = true, true
	root.SetIn(a.Sys.Stdin)
	root.SetOut(a.Sys.Stdout)
	root.SetErr(a.Sys.Stderr)
	root.SetFlagErrorFunc(unknownFlag)
	a.flags.register(root)
}

// guardPaste refuses a seed on the command line before anything makes a file
// name, a message or a manifest of it. Only keys validate judges one.
func guardPaste(c *cobra.Command, args []string) error {
	var err error
	c.Flags().Visit(func(f *pflag.Flag) {
		for _, value := range valuesOf(f) {
			if err == nil {
				err = settings.RefuseSeed(value, "flag --"+f.Name)
			}
		}
	})
	if c.Name() == "validate" || err != nil {
		return err
	}
	for i, arg := range args {
		if err := settings.RefuseSeed(arg, fmt.Sprintf("argument %d", i+1)); err != nil {
			return err
		}
	}
	return nil
}

// refuseEmpty refuses an empty name or path: a variable of a script that was not
// set. What stands behind -- is for another program, and an empty key is judged by
// keys validate.
func refuseEmpty(c *cobra.Command, args []string) error {
	var empty string
	c.Flags().Visit(func(f *pflag.Flag) {
		if slices.Contains(valuesOf(f), "") {
			empty = f.Name
		}
	})
	if empty != "" {
		return UsageIn(c, "--%s is empty", empty)
	}
	if dash := c.ArgsLenAtDash(); dash >= 0 {
		args = args[:dash]
	}
	if at := slices.Index(args, ""); at >= 0 && c.Name() != "validate" {
		return UsageIn(c, "the %s argument is empty", ordinal(at+1))
	}
	return nil
}
