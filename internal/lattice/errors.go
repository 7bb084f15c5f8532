package lattice

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// What can go wrong with a manifest, for errors.Is.
var (
	// ErrInvalid: the text is no valid manifest; the error is of type Errors.
	ErrInvalid = errors.New("invalid manifest")
	// ErrExposedSeed: a seed stands where it must not. It is never repeated.
	ErrExposedSeed = errors.New("a seed stands in the open")
	// ErrChanged: the file is not what it was when it was loaded.
	ErrChanged = errors.New("the manifest has changed on disk since it was read")
	// ErrNotFound: the manifest names no such host or issuer.
	ErrNotFound = errors.New("not in the manifest")
	// ErrTaken: the name or key is in the manifest already.
	ErrTaken = errors.New("already in the manifest")
	// ErrInUse: what is to be removed is still needed.
	ErrInUse = errors.New("still in use")
	// ErrDenied: the key is compromised and must not become an issuer again.
	ErrDenied = errors.New("the key is denied")
	// ErrRotating: a rotation is under way that does not allow it.
	ErrRotating = errors.New("a rotation is under way")
)

// Error is one thing wrong with the text of a manifest, and where.
type Error struct {
	File   string
	Line   int    // from 1
	Column int    // in characters, from 1; 0 where only the line is known
	Field  string // such as issuers[1].public_key; empty for the whole
	Rule   Rule
	cause  error
}

// Error is the error in the form compilers use.
func (e *Error) Error() string {
	place := fmt.Sprintf("%s:%d", e.File, e.Line)
	if e.Column > 0 {
		place += fmt.Sprintf(":%d", e.Column)
	}
	return place + ": " + e.message()
}

func (e *Error) message() string {
	if e.Field == "" {
		return e.cause.Error()
	}
	return e.Field + ": " + e.cause.Error()
}

// Unwrap is the cause: for a bad key a *keys.Problem.
func (e *Error) Unwrap() error { return e.cause }

// Hint is the remedy, empty where none is known.
func (e *Error) Hint() string {
	var hinted interface{ Hint() string }
	if errors.As(e.cause, &hinted) {
		return hinted.Hint()
	}
	return ""
}

// Errors is everything wrong with the text of a manifest, in its order.
// It matches ErrInvalid.
type Errors []*Error

// Error is one error per line.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// Is makes Errors match ErrInvalid.
func (es Errors) Is(target error) bool { return target == ErrInvalid }

// Unwrap is every single error.
func (es Errors) Unwrap() []error {
	all := make([]error, len(es))
	for i, e := range es {
		all[i] = e
	}
	return all
}

// Hint is the remedy of the first error that has one.
func (es Errors) Hint() string {
	for _, e := range es {
		if hint := e.Hint(); hint != "" {
			return hint
		}
	}
	return ""
}

// Findings gives the errors the form in which Check reports.
func (es Errors) Findings() []Finding {
	all := make([]Finding, len(es))
	for i, e := range es {
		all[i] = Finding{
			File: e.File, Line: e.Line, Column: e.Column, Severity: SeverityError,
			Rule: e.Rule, Message: e.message(), Hint: e.Hint(),
		}
	}
	return all
}

func (es Errors) sort() {
	slices.SortStableFunc(es, func(a, b *Error) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
}

// problem is an error with a remedy, and perhaps a sentinel that it matches.
type problem struct {
	message string
	hint    string
	is      error
}

func (p *problem) Error() string { return p.message }

// Hint is the remedy.
func (p *problem) Hint() string { return p.hint }

func (p *problem) Unwrap() error { return p.is }

// refuse makes an error that matches is (which may be nil) and has a remedy.
func refuse(is error, hint, format string, args ...any) error {
	return &problem{message: fmt.Sprintf(format, args...), hint: hint, is: is}
}
