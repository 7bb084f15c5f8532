package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/printable"
	"github.com/latch-keys/latch/internal/settings"
	"github.com/latch-keys/latch/internal/terminal"
)

// Show writes the data asked for to stdout: doc as one JSON document, or what
// text writes, whichever the person chose. Whatever may be a seed is hidden: it
// may have got into the name of a file.
func (a *App) Show(doc any, text func(w io.Writer)) error { return a.show(doc, text, "  ") }

// ShowLine is Show for one of many documents, each on a line of its own in JSON.
func (a *App) ShowLine(doc any, text func(w io.Writer)) error { return a.show(doc, text, "") }

func (a *App) show(doc any, text func(w io.Writer), indent string) error {
	if a.gathers {
		a.gathered = doc
		return nil
	}
	var whole bytes.Buffer
	defer func() { clear(whole.Bytes()) }()
	inner := NewOut(&whole)
	a.write(inner, doc, text, indent)
	if err := inner.Close(); err != nil {
		return err
	}
	out := NewOut(a.Sys.Stdout)
	if len(keys.FindSeeds(whole.Bytes())) == 0 {
		_, _ = out.Write(whole.Bytes())
	} else {
		_, _ = io.WriteString(out, keys.Mask(whole.String()))
	}
	return out.Close()
}

// ShowChange writes doc as one line of JSON, unless it is the line that was written
// last, and gives the line. It hides what Show hides.
func (a *App) ShowChange(doc any, last string) (line string, err error) {
	var whole bytes.Buffer
	e := json.NewEncoder(printable.JSON(&whole))
	e.SetEscapeHTML(false)
	if err := e.Encode(doc); err != nil {
		return last, err
	}
	line = keys.Mask(whole.String())
	if line == last {
		return last, nil
	}
	out := NewOut(a.Sys.Stdout)
	_, _ = io.WriteString(out, line)
	return line, out.Close()
}

// Reveal writes as Show does, and hides nothing: for a seed that was asked for,
// and for data that a program reads.
func (a *App) Reveal(doc any, text func(w io.Writer)) error {
	out := NewOut(a.Sys.Stdout)
	a.write(out, doc, text, "  ")
	return out.Close()
}

func (a *App) write(out *Out, doc any, text func(w io.Writer), indent string) {
	if a.Form() != settings.Text {
		encodeJSON(out, doc, indent)
	} else {
		text(printable.NewWriter(out, a.colors(a.Sys.Terminal.Stdout)))
	}
}

// ShowDone is Show for a command that has changed something. Where stdout takes
// no more, the error says what was done, so that nobody does it twice.
func (a *App) ShowDone(doc any, text func(w io.Writer)) error {
	return a.DoneUnprinted(a.Show(doc, text), doc, text)
}

// DoneUnprinted adds to the error of a stdout that failed what was done: doc for
// JSON, and the beginning of text. Nil stays nil.
func (a *App) DoneUnprinted(err error, doc any, text func(w io.Writer)) error {
	a.did = true
	if err == nil {
		return nil
	}
	told := fault.New(fault.Failed, "it was done, but that could not be printed (%s)", a.inShort(text)).
		Because(err).WithHint("do not run the command again").
		WithDetail(doneDocument{true, doc})
	return &unprintedError{told, err}
}

// doneDocument is what was done and could not be printed.
type doneDocument struct {
	Done   bool `json:"done"`
	Result any  `json:"result"`
}

// unprintedError tells of something that was done and could not be printed, because of
// what stdout said.
type unprintedError struct {
	error
	cause error
}

func (e *unprintedError) Unwrap() error { return e.error }

// inShort is the beginning of a text, in one line.
func (a *App) inShort(text func(w io.Writer)) string {
	const most = 3
	var whole strings.Builder
	a.plain = true
	text(&whole)
	a.plain = false
	lines := strings.Split(strings.TrimSpace(whole.String()), "\n")
	rest := len(lines) - most
	lines = lines[:min(most, len(lines))]
	if rest > 0 {
		lines = append(lines, fmt.Sprintf("and %d more lines", rest))
	}
	return printable.Line(strings.Join(lines, "; "))
}

// Silence has nothing be said: while a shell completes, nobody reads it.
func (a *App) Silence() { a.silent = true }

// Say tells the person something; --quiet silences it.
func (a *App) Say(format string, args ...any) {
	if s, err := a.Settings(); err == nil && s.Quiet || a.silent {
		return
	}
	a.tell("", a.withFlags(fmt.Sprintf(format, args...)))
}

// tell writes a message to the person: fit to be shown, and without a seed.
func (a *App) tell(label, message string) {
	message = printable.Lines(keys.Mask(message))
	if label != "" {
		message = label + " " + message
	}
	fmt.Fprintln(printable.NewWriter(a.Sys.Stderr, a.colors(a.Sys.Terminal.Stderr)), a.wrap(message, Hang))
}

// Warn tells the person of a danger; nothing silences it.
func (a *App) Warn(format string, args ...any) {
	if a.silent {
		return
	}
	a.tell(a.palette().Yellow("warning:"), a.withFlags(fmt.Sprintf(format, args...)))
}

// palette is that of stderr, where everything said to the person goes.
func (a *App) palette() terminal.Palette { return terminal.NewPalette(a.colors(a.Sys.Terminal.Stderr)) }

// OutPalette is that of stdout.
func (a *App) OutPalette() terminal.Palette {
	return terminal.NewPalette(a.colors(a.Sys.Terminal.Stdout))
}

// colors follows --color, then NO_COLOR (no-color.org), CLICOLOR_FORCE and CLICOLOR
// (bixense.com/clicolors) and TERM=dumb, then whether the stream is a terminal.
func (a *App) colors(terminal bool) bool {
	if a.plain {
		return false
	}
	when := settings.ColorAuto
	if s, err := a.Settings(); err == nil {
		when = s.Color
	}
	value := func(name string) string { text, _ := a.Sys.Getenv(name); return text }
	switch force := value("CLICOLOR_FORCE"); {
	case when != settings.ColorAuto:
		return when == settings.ColorAlways
	case value("NO_COLOR") != "":
		return false
	case force != "" && force != "0":
		return true
	}
	return terminal && value("TERM") != "dumb" && value("CLICOLOR") != "0"
}

// Width is how many columns tables on stdout may take, 0 for any number.
func (a *App) Width() int {
	if !a.Sys.Terminal.Stdout {
		return 0
	}
	return a.columns()
}

// columns is how wide the terminal is: COLUMNS, or what it says itself.
func (a *App) columns() int {
	const usual = 80
	text, _ := a.Sys.Getenv("COLUMNS")
	if width, err := strconv.Atoi(text); err == nil && width > 0 {
		return width
	}
	if a.Sys.Columns != nil {
		if width := a.Sys.Columns(); width > 0 {
			return width
		}
	}
	return usual
}

// Masks reports whether a seed that was asked for is hidden nevertheless: a terminal
// is looked at by others, kept by recorders and scrolled back.
func (a *App) Masks(reveal bool) bool { return a.Sys.Terminal.Stdout && !reveal }

// Progress shows on stderr, on a terminal only, how far a long piece of work is.
func (a *App) Progress(what string, total int64, unit string) *terminal.Progress {
	var out io.Writer
	dumb, _ := a.Sys.Getenv("TERM")
	if s, err := a.Settings(); err == nil && !s.Quiet && a.Sys.Terminal.Stderr && dumb != "dumb" {
		out = a.Sys.Stderr
	}
	return terminal.NewProgress(out, a.Sys.Now, a.columns, what, total, unit)
}

// Hang is how far the rest of a line is set in: further than what belongs to it,
// which is set in by two.
const Hang = 4

// ShowProse is Show for what people read, see Prose.
func (a *App) ShowProse(doc any, hang int, text func(w io.Writer)) error {
	return a.Show(doc, func(w io.Writer) { a.Prose(w, hang, text) })
}

// Prose writes a text to w, which goes to stdout: at a terminal, lines too long for
// it are broken between words, and their rest is set in by hang columns.
func (a *App) Prose(w io.Writer, hang int, text func(w io.Writer)) {
	width := a.Width()
	if width == 0 {
		text(w)
		return
	}
	var whole strings.Builder
	text(&whole)
	_, _ = io.WriteString(w, printable.Wrap(whole.String(), width, hang, a.beginsCommand))
}

// wrap breaks a message so that it fits stderr.
func (a *App) wrap(message string, hang int) string {
	if !a.Sys.Terminal.Stderr {
		return message
	}
	return printable.Wrap(message, a.columns(), hang, a.beginsCommand)
}

// beginsCommand tells whether the words are something to paste into a shell.
func (a *App) beginsCommand(words []string) bool {
	if words[0] != "latch" {
		return len(words) > 1 && slices.Contains([]string{"export", "age-keygen", "dbus-run-session", "sudo"}, words[0])
	}
	_, rest, err := a.flags.root.Find(words[1:])
	return err == nil && len(rest) < len(words)-1
}

// MostRows is how many rows of a table fit on a screen.
const MostRows = 40

// FoldedTable is a table of hosts, whose names stand first. Of many, those that are
// alike share a row, and what is still too much is left out and counted.
func FoldedTable(w io.Writer, width int, header []string, rows [][]string) {
	rows, of := terminal.Fold(rows, MostRows)
	shown := min(MostRows, len(rows))
	terminal.Table(w, width, header, rows[:shown])
	left := 0
	for _, hosts := range of[shown:] {
		left += hosts
	}
	if left > 0 {
		fmt.Fprintf(w, "and %d more hosts: -o json lists them all\n", left)
	}
}
