package fault

import (
	"context"
	"errors"
	"io/fs"
)

// Kind is what sort of failure an error is. The zero Kind, Failed, says nothing
// of its own: an error of that kind is of its cause's kind.
type Kind uint8

// The kinds of failure, the least telling first: where several errors are
// joined, the most telling one decides.
const (
	Failed      Kind = iota // it did not work
	NotFound                // a thing that was named is not there
	Unavailable             // a service or a file that is needed cannot be reached now
	Locked                  // it is there, and needs a passphrase, an identity or an unlock
	ReadOnly                // a store that takes no changes
	Exists                  // a name or a file that is taken already
	Refused                 // latch will not do it, for safety
	No                      // the answer is no: an invalid key, drift, a failed check
	Usage                   // a command line, a setting or a name that cannot be understood
	Interrupted             // the person, or a signal, ended it
)

// row is how errors of one kind end the process.
type row struct {
	exit int
	code string
}

func table() [Interrupted + 1]row {
	return [...]row{
		Failed:      {1, "failed"},
		NotFound:    {4, "not_found"},
		Unavailable: {4, "unavailable"},
		Locked:      {4, "locked"},
		ReadOnly:    {5, "read_only"},
		Exists:      {5, "exists"},
		Refused:     {5, "refused"},
		No:          {3, "no"},
		Usage:       {2, "usage"},
		Interrupted: {130, "interrupted"},
	}
}

// ExitCode is the code that the process ends with, as `latch help exit-codes`
// lists it.
func (k Kind) ExitCode() int { return table()[k].exit }

// String is the kind's stable name, the code of JSON errors.
func (k Kind) String() string { return table()[k].code }

// KindOf gives the kind of err: that of the outermost error in its chain that
// says one, or what the standard library's errors for cancelled contexts,
// missing files and existing files amount to. Of joined errors the most
// telling one counts.
func KindOf(err error) Kind {
	if err == nil {
		return Failed
	}
	if e, ok := err.(*Error); ok && e.kind != Failed { //nolint:errorlint // the walk below follows the chain
		return e.kind
	}
	switch wrapping := err.(type) { //nolint:errorlint // likewise
	case interface{ Unwrap() error }:
		if kind := KindOf(wrapping.Unwrap()); kind != Failed {
			return kind
		}
	case interface{ Unwrap() []error }:
		kind := Failed
		for _, one := range wrapping.Unwrap() {
			kind = max(kind, KindOf(one))
		}
		if kind != Failed {
			return kind
		}
	}
	return standardKind(err)
}

// standardKind is the kind of an error that is not ours.
func standardKind(err error) Kind {
	switch {
	case errors.Is(err, context.Canceled):
		return Interrupted
	case errors.Is(err, fs.ErrExist):
		return Exists
	case errors.Is(err, fs.ErrNotExist):
		return NotFound
	}
	return Failed
}

// Is tells whether err is of this kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }
