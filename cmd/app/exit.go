package app

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/safefile"
)

// UsageIn is an error in the command line of c.
func UsageIn(c *cobra.Command, format string, args ...any) error {
	return UsageOf(c, fmt.Errorf(format, args...))
}

// UsageOf makes err one of c's command line.
func UsageOf(c *cobra.Command, err error) error {
	return fault.Hint(fault.As(fault.Usage, err), "%s --help", c.CommandPath())
}

// exitError ends a command whose answer has already been given.
type exitError struct{ code int }

func (e *exitError) Error() string { return fmt.Sprintf("exit %d", e.code) }

// ExitWith ends a command with the code of a program that it ran.
func ExitWith(code int) error { return &exitError{code} }

// No is the answer "no": an invalid key, drift, a failed check.
func No() error { return &exitError{fault.No.ExitCode()} }

// kindOf tells what sort of failure an error is. Errors of rooms that say no
// kind of their own are told apart by what they are.
func kindOf(err error) fault.Kind {
	is := func(target error) bool { return errors.Is(err, target) }
	switch kind := fault.KindOf(err); {
	case kind == fault.Interrupted, kind == fault.Usage, kind == fault.Refused:
		return kind
	case is(keystore.ErrURI), is(keystore.ErrName), is(agefile.ErrRecipient):
		return fault.Usage
	case is(safefile.ErrUnsafe), is(lattice.ErrChanged), is(lattice.ErrInUse), is(keystore.ErrLockout),
		is(lattice.ErrRotating), is(lattice.ErrDenied), is(lattice.ErrCannot),
		is(env.ErrWrongSeed), is(env.ErrUnfit):
		return fault.Refused
	case is(keystore.ErrExists), is(lattice.ErrTaken):
		return fault.Exists
	case is(keystore.ErrReadOnly):
		return fault.ReadOnly
	case is(keystore.ErrLocked), as[*agefile.LockedError](err):
		return fault.Locked
	case is(keystore.ErrUnavailable), is(safefile.ErrBusy):
		return fault.Unavailable
	case is(keystore.ErrNotFound), is(lattice.ErrNotFound), is(env.ErrUnknownHost):
		return fault.NotFound
	default:
		return kind
	}
}

// End tells what err is, unless the answer has been given, and gives the exit
// code.
func (a *App) End(err error) int {
	var ended *exitError
	if errors.As(err, &ended) {
		return ended.code
	}
	a.printError(err)
	return kindOf(err).ExitCode()
}

func as[T error](err error) bool {
	var target T
	return errors.As(err, &target)
}
