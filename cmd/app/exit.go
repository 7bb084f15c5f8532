package app

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/fault"
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
	case is(env.ErrWrongSeed):
		return fault.Refused
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
