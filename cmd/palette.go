package cmd

import "github.com/fatih/color"

// palette colours what is said on one stream. fatih/color decides once, from
// stdout, for the whole process; here each stream decides for itself.
type palette struct{ enabled bool }

// newPalette colours if enabled, and else leaves every text as it is.
func newPalette(enabled bool) palette { return palette{enabled} }

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
