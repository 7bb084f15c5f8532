package cmd

import (
	"fmt"
	"io"

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

// palette is that of stderr, where everything said to the person goes.
func (a *app) palette() palette { return newPalette(a.colors(a.sys.Terminal.Stderr)) }

// outPalette is that of stdout.
func (a *app) outPalette() palette { return newPalette(a.colors(a.sys.Terminal.Stdout)) }

// colors follows --color, then NO_COLOR (no-color.org) and TERM=dumb, then
// whether the stream is a terminal.
func (a *app) colors(terminal bool) bool {
	when := colorAuto
	if s, err := a.settings(); err == nil {
		when = s.Color
	}
	switch when {
	case colorAlways:
		return true
	case colorNever:
		return false
	}
	if value, _ := a.sys.Getenv("NO_COLOR"); value != "" {
		return false
	}
	if value, _ := a.sys.Getenv("TERM"); value == "dumb" {
		return false
	}
	return terminal
}

// progress shows on stderr, on a terminal only, how far a long piece of work is.
func (a *app) progress(what string, total int64, unit string) *progress {
	var out io.Writer
	if s, err := a.settings(); err == nil && !s.Quiet && a.sys.Terminal.Stderr {
		out = a.sys.Stderr
	}
	return newProgress(out, a.sys.Now, what, total, unit)
}
