package app

import (
	"fmt"
	"io"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/settings"
	"github.com/latch-keys/latch/internal/terminal"
)

// Show writes the data asked for to stdout: doc as one JSON document, or what
// text writes, whichever the person chose.
func (a *App) Show(doc any, text func(w io.Writer)) error {
	out := NewOut(a.Sys.Stdout)
	if a.form != settings.Text {
		EncodeJSON(out, doc)
	} else {
		text(out)
	}
	return out.Close()
}

// Say tells the person something; --quiet silences it.
func (a *App) Say(format string, args ...any) {
	if s, err := a.Settings(); err == nil && s.Quiet {
		return
	}
	fmt.Fprintln(a.Sys.Stderr, keys.Mask(fmt.Sprintf(format, args...)))
}

// Warn tells the person of a danger; nothing silences it.
func (a *App) Warn(format string, args ...any) {
	fmt.Fprintln(a.Sys.Stderr, a.palette().Yellow("warning:"), keys.Mask(fmt.Sprintf(format, args...)))
}

// palette is that of stderr, where everything said to the person goes.
func (a *App) palette() terminal.Palette { return terminal.NewPalette(a.colors(a.Sys.Terminal.Stderr)) }

// OutPalette is that of stdout.
func (a *App) OutPalette() terminal.Palette {
	return terminal.NewPalette(a.colors(a.Sys.Terminal.Stdout))
}

// colors follows --color, then NO_COLOR (no-color.org) and TERM=dumb, then
// whether the stream is a terminal.
func (a *App) colors(terminal bool) bool {
	when := settings.ColorAuto
	if s, err := a.Settings(); err == nil {
		when = s.Color
	}
	switch when {
	case settings.ColorAlways:
		return true
	case settings.ColorNever:
		return false
	}
	if value, _ := a.Sys.Getenv("NO_COLOR"); value != "" {
		return false
	}
	if value, _ := a.Sys.Getenv("TERM"); value == "dumb" {
		return false
	}
	return terminal
}

// Progress shows on stderr, on a terminal only, how far a long piece of work is.
func (a *App) Progress(what string, total int64, unit string) *terminal.Progress {
	var out io.Writer
	if s, err := a.Settings(); err == nil && !s.Quiet && a.Sys.Terminal.Stderr {
		out = a.Sys.Stderr
	}
	return terminal.NewProgress(out, a.Sys.Now, what, total, unit)
}
