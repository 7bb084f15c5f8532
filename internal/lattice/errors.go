package lattice

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/yamledit"
)

// ErrExposedSeed says that a seed stands where it must not. It is never repeated.
var ErrExposedSeed = errors.New("a seed stands in the open")

// Error is one thing wrong with the text of a manifest, and where.
type Error struct {
	File   string
	Line   int    // from 1
	Column int    // in characters, from 1; 0 where only the line is known
	Field  string // such as issuers[1].public_key; empty for the whole
	Rule   finding.Rule
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
func (e *Error) Hint() string { return fault.HintOf(e.cause) }

// Errors is everything wrong with the text of a manifest, in its order.
type Errors []*Error

// Error is one error per line.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

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
func (es Errors) Findings() []finding.Finding {
	all := make([]finding.Finding, len(es))
	for i, e := range es {
		all[i] = finding.Finding{
			File: e.File, Line: e.Line, Column: e.Column, Severity: finding.Error,
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

// refuse makes an error that matches another.
func refuse(is error, hint, format string, args ...any) error {
	return fault.New(fault.Failed, format, args...).Like(is).WithHint("%s", hint)
}

func isAlphanumeric(b byte) bool {
	return 'A' <= b && b <= 'Z' || 'a' <= b && b <= 'z' || '0' <= b && b <= '9'
}

// shown is text in quotes for a message, or what can be said of it where it
// holds a word so long that it may be part of a secret.
func shown(text string) string {
	const longest, suspicious = 80, 32
	run := 0
	for i := range len(text) {
		run++
		if !isAlphanumeric(text[i]) {
			run = 0
		}
		if run >= suspicious {
			return "(" + strconv.Itoa(utf8.RuneCountInString(text)) + " characters, not shown)"
		}
	}
	if len(text) > longest {
		return strconv.Quote(text[:longest]) + "…"
	}
	return strconv.Quote(text)
}

// exposed is the error for a seed found in what is no place for one.
func exposed(where string) error {
	return fault.New(fault.Failed, "%s is, or nearly is, a seed; a manifest never holds one", where).Like(ErrExposedSeed).WithHint(exposedHint)
}

const exposedHint = "treat the seed as exposed: make a new key, and remove this one here and from the file's history"

// exposedSeeds finds the seeds in a text, comments included.
func exposedSeeds(file string, text []byte) Errors {
	var found Errors
	for _, at := range keys.FindSeeds(text) {
		line, column := yamledit.Position(text, at.From)
		found = append(found, &Error{File: file, Line: line, Column: column, Rule: RuleExposed, cause: exposed("this")})
	}
	return found
}
