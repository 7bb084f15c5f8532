package cmd

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
)

// show writes the data asked for to stdout: doc as one JSON document, or what
// text writes, whichever the person chose.
func (a *app) show(doc any, text func(w io.Writer)) error {
	s, err := a.settings()
	if err != nil {
		return err
	}
	out := newOut(a.sys.Stdout)
	if s.Output != outputText {
		encodeJSON(out, doc)
	} else {
		text(out)
	}
	return out.close()
}

// out is stdout, buffered. It keeps the first error, so that not every write
// need be looked at: a full disk behind stdout is not "done".
type out struct {
	buffer *bufio.Writer
	err    error
}

func newOut(w io.Writer) *out { return &out{buffer: bufio.NewWriter(w)} }

// Write never fails; close says what went wrong.
func (o *out) Write(p []byte) (int, error) {
	if o.err == nil {
		_, o.err = o.buffer.Write(p)
	}
	return len(p), nil
}

func (o *out) close() error {
	if o.err == nil {
		o.err = o.buffer.Flush()
	}
	if o.err != nil {
		return fmt.Errorf("failed to write to stdout: %w", o.err)
	}
	return nil
}

func encodeJSON(w io.Writer, doc any) {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(doc); err != nil {
		if o, ok := w.(*out); ok {
			o.err = err
		}
	}
}

// table writes rows in columns, two blanks apart.
func table(w io.Writer, header []string, rows [][]string) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range append([][]string{header}, rows...) {
		for i, cell := range row {
			end := "\t"
			if i == len(row)-1 {
				end = "\n"
			}
			fmt.Fprint(t, cell, end)
		}
	}
	_ = t.Flush() // out keeps the error
}

// say tells the person something; --quiet silences it.
func (a *app) say(format string, args ...any) {
	if s, err := a.settings(); err == nil && s.Quiet {
		return
	}
	fmt.Fprintln(a.sys.Stderr, keys.Mask(fmt.Sprintf(format, args...)))
}

// warn tells the person of a danger; nothing silences it.
func (a *app) warn(format string, args ...any) {
	fmt.Fprintln(a.sys.Stderr, a.palette().yellow("warning:"), keys.Mask(fmt.Sprintf(format, args...)))
}

// errorDocument is what a failing command prints on stderr with -o json.
type errorDocument struct {
	Error struct {
		Code    string `json:"code"`
		Message string `json:"message"`
		Hint    string `json:"hint,omitempty"`
		Detail  any    `json:"detail,omitempty"` // what an error has to say beyond its message
	} `json:"error"`
}

// printError says what failed and, on its own line, what to type next.
func (a *app) printError(err error) {
	hint := keys.Mask(fault.HintOf(err))
	message := keys.Mask(err.Error())
	if a.wantsJSON() {
		var doc errorDocument
		doc.Error.Code, doc.Error.Message, doc.Error.Hint = kindOf(err).String(), message, hint
		doc.Error.Detail = fault.DetailOf(err)
		encodeJSON(a.sys.Stderr, doc)
		return
	}
	p := a.palette()
	fmt.Fprintln(a.sys.Stderr, p.red("error:"), message)
	if hint != "" {
		fmt.Fprintln(a.sys.Stderr, p.cyan("hint:"), hint)
	}
}

// wantsJSON also works where the settings cannot be read or the command line
// did not parse to its end.
func (a *app) wantsJSON() bool {
	if a.loaded != nil {
		return a.loaded.Output == outputJSON
	}
	value, _ := a.sys.Getenv("LATCH_OUTPUT")
	arguments := a.sys.arguments()
	for i, arg := range arguments {
		switch {
		case arg == "--":
			return value == outputJSON
		case (arg == "-o" || arg == "--output") && i+1 < len(arguments):
			value = arguments[i+1]
		case strings.HasPrefix(arg, "--output="):
			value = strings.TrimPrefix(arg, "--output=")
		case strings.HasPrefix(arg, "-o"):
			value = strings.TrimPrefix(strings.TrimPrefix(arg, "-o"), "=")
		}
	}
	return value == outputJSON
}
