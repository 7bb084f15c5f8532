package cmd

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// show writes the data asked for to stdout: doc as one JSON document, or what
// text writes, whichever the person chose.
func (a *app) show(doc any, text func(w io.Writer)) error {
	s, err := a.settings()
	if err != nil {
		return err
	}
	out := &failingWriter{w: a.sys.Stdout}
	if s.Output == outputJSON {
		encodeJSON(out, doc)
	} else {
		text(out)
	}
	if out.err != nil {
		return fmt.Errorf("failed to write to stdout: %w", out.err)
	}
	return nil
}

// failingWriter keeps the first error, so that text functions need not look at
// every one: a full disk behind stdout is not "done".
type failingWriter struct {
	w   io.Writer
	err error
}

func (f *failingWriter) Write(p []byte) (int, error) {
	if f.err != nil {
		return 0, f.err
	}
	n, err := f.w.Write(p)
	f.err = err
	return n, err
}

func encodeJSON(w io.Writer, doc any) {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(doc); err != nil {
		if f, ok := w.(*failingWriter); ok {
			f.err = err
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
	_ = t.Flush() // the error stays in the failingWriter below
}

// say tells the person something; --quiet silences it.
func (a *app) say(format string, args ...any) {
	if s, err := a.settings(); err == nil && s.Quiet {
		return
	}
	fmt.Fprintf(a.sys.Stderr, format+"\n", args...)
}

// warn tells the person of a danger; nothing silences it.
func (a *app) warn(format string, args ...any) {
	fmt.Fprintln(a.sys.Stderr, a.palette().yellow("warning:"), fmt.Sprintf(format, args...))
}

// errorDocument is what a failing command prints on stderr with -o json.
type errorDocument struct {
	Error struct {
		Code    string `json:"code"`
		Message string `json:"message"`
		Hint    string `json:"hint,omitempty"`
	} `json:"error"`
}

// printError says what failed and, on its own line, what to type next.
func (a *app) printError(err error) {
	hint := ""
	var h interface{ Hint() string }
	if errors.As(err, &h) {
		hint = h.Hint()
	}
	if a.wantsJSON() {
		var doc errorDocument
		doc.Error.Code, doc.Error.Message, doc.Error.Hint = classify(err).code, err.Error(), hint
		encodeJSON(a.sys.Stderr, doc)
		return
	}
	p := a.palette()
	fmt.Fprintln(a.sys.Stderr, p.red("error:"), err)
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
