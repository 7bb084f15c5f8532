package app

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/settings"
	"github.com/latch-keys/latch/internal/similar"
)

// UsageIn is an error in the command line of c.
func UsageIn(c *cobra.Command, format string, args ...any) error {
	return UsageOf(c, fmt.Errorf(format, args...))
}

// UsageOf makes err one of c's command line.
func UsageOf(c *cobra.Command, err error) error {
	return fault.Hint(fault.As(fault.Usage, err), "%s --help", c.CommandPath())
}

// unknownFlag is an error in the flags of c, with the flag that was meant.
func unknownFlag(c *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	if !errors.As(err, &unknown) {
		return UsageOf(c, err)
	}
	var known []string
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if !f.Hidden {
			known = append(known, f.Name)
		}
	})
	if meant, near := similar.Word(unknown.GetSpecifiedName(), known); near {
		return UsageIn(c, "%w; did you mean --%s?", err, meant)
	}
	return UsageOf(c, err)
}

// exitError ends a command whose answer has already been given.
type exitError struct{ code int }

func (e *exitError) Error() string { return fmt.Sprintf("exit %d", e.code) }

// exitReaderGone is what shells say of a program that SIGPIPE has ended.
const exitReaderGone = 141

// ExitWith ends a command with the code of a program that it ran.
func ExitWith(code int) error { return &exitError{code} }

// No is the answer "no": an invalid key, drift, a failed check.
func No() error { return &exitError{fault.No.ExitCode()} }

// IsNo reports whether a command ends with the answer "no", and nothing else.
func IsNo(err error) bool {
	var ended *exitError
	return errors.As(err, &ended) && ended.code == fault.No.ExitCode()
}

// End tells what err is, unless the answer has been given, and gives the exit
// code.
func (a *App) End(err error) int {
	var ended *exitError
	if errors.As(err, &ended) {
		return ended.code
	}
	if isReaderGone(err) {
		return exitReaderGone
	}
	a.printError(err)
	return fault.KindOf(err).ExitCode()
}

// errorDetails is an error as JSON output gives it.
type errorDetails struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
	Detail  any    `json:"detail,omitempty"` // what an error has to say beyond its message
}

// detailsOf is an error as JSON output gives it.
func (a *App) detailsOf(err error) *errorDetails {
	return &errorDetails{
		Code: fault.KindOf(err).String(), Message: keys.Mask(err.Error()), Hint: keys.Mask(a.withFlags(fault.HintOf(err))), Detail: fault.DetailOf(err),
	}
}

// errorDocument is what a failing command prints on stderr with -o json.
type errorDocument struct {
	Error *errorDetails `json:"error"`
}

// printError says what failed and, on its own line, what to type next.
func (a *App) printError(err error) {
	details := a.detailsOf(err)
	if a.failureForm() == settings.JSON {
		encodeJSON(a.Sys.Stderr, errorDocument{details}, "  ")
		return
	}
	p := a.palette()
	a.tell(p.Red("error:"), details.Message)
	if details.Hint != "" {
		a.tell(p.Cyan("hint:"), details.Hint)
	}
}
