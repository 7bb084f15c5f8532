package cmd

import "github.com/fatih/color"

// palette colours what is said on one stream. fatih/color decides once, from
// stdout, for the whole process; here each stream decides for itself.
type palette struct{ enabled bool }

// palette is that of stderr, where everything said to the person goes.
func (a *app) palette() palette { return palette{a.colors(a.sys.Terminal.Stderr)} }

// outPalette is that of stdout.
func (a *app) outPalette() palette { return palette{a.colors(a.sys.Terminal.Stdout)} }

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

func (p palette) paint(text string, attributes ...color.Attribute) string {
	c := color.New(attributes...)
	if p.enabled {
		c.EnableColor()
	} else {
		c.DisableColor()
	}
	return c.Sprint(text)
}

func (p palette) red(text string) string    { return p.paint(text, color.FgRed, color.Bold) }
func (p palette) green(text string) string  { return p.paint(text, color.FgGreen) }
func (p palette) yellow(text string) string { return p.paint(text, color.FgYellow, color.Bold) }
func (p palette) cyan(text string) string   { return p.paint(text, color.FgCyan) }
