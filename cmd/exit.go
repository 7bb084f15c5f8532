package cmd

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/rotation"
)

// The exit codes. `latch help exit-codes` prints them.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitNo          = 3
	exitUnavailable = 4
	exitUnsafe      = 5
	exitInterrupted = 130
)

var errInterrupted = errors.New("interrupted")

// usageError is a command line that cannot be understood.
type usageError struct {
	err  error
	hint string
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }
func (e *usageError) Hint() string  { return e.hint }

func usageIn(c *cobra.Command, format string, args ...any) *usageError {
	return &usageError{err: fmt.Errorf(format, args...), hint: c.CommandPath() + " --help"}
}

// exitError ends a command whose answer has already been given.
type exitError struct{ code int }

func (e *exitError) Error() string { return fmt.Sprintf("exit %d", e.code) }

// no is the answer "no": an invalid key, drift, a failed check.
func no() error { return &exitError{exitNo} }

// hinted adds the next command to type to an error.
type hinted struct {
	error
	hint string
}

func (h *hinted) Unwrap() error { return h.error }
func (h *hinted) Hint() string  { return h.hint }

func withHint(err error, format string, args ...any) error {
	return &hinted{err, fmt.Sprintf(format, args...)}
}

// refused is an error of a thing that latch will not do, for safety.
type refused struct{ error }

func (r *refused) Unwrap() error { return r.error }

// notFound is an error of a thing that is not there.
type notFound struct{ error }

func (n *notFound) Unwrap() error { return n.error }

// failure is how an error ends the process: its exit code, and the code that
// JSON output gives.
type failure struct {
	exit int
	code string
}

// classify tells errors apart by type, the more telling first.
func classify(err error) failure {
	is := func(target error) bool { return errors.Is(err, target) }
	switch {
	case is(errInterrupted), is(context.Canceled):
		return failure{exitInterrupted, "interrupted"}
	case as[*usageError](err):
		return failure{exitUsage, "usage"}
	case as[*refused](err), is(lattice.ErrChanged), is(lattice.ErrInUse),
		is(lattice.ErrRotating), is(lattice.ErrDenied), is(lattice.ErrCannot),
		is(env.ErrWrongSeed), is(env.ErrUnfit),
		is(rotation.ErrBlocked), is(rotation.ErrNotSigning), is(rotation.ErrCompromised):
		return failure{exitUnsafe, "refused"}
	case is(lattice.ErrTaken):
		return failure{exitUnsafe, "exists"}
	case as[*notFound](err), is(lattice.ErrNotFound), is(env.ErrUnknownHost), is(rotation.ErrNone):
		return failure{exitUnavailable, "not_found"}
	}
	kind := fault.KindOf(err)
	return failure{kind.ExitCode(), kind.String()}
}

func exitCode(err error) int {
	var ended *exitError
	if errors.As(err, &ended) {
		return ended.code
	}
	return classify(err).exit
}

func as[T error](err error) bool {
	var target T
	return errors.As(err, &target)
}
