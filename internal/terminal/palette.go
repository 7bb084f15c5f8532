package terminal

import "github.com/fatih/color"

// Palette colours what is said on one stream. fatih/color decides once, from
// stdout, for the whole process; here each stream decides for itself.
type Palette struct{ enabled bool }

// NewPalette colours if enabled, and else leaves every text as it is.
func NewPalette(enabled bool) Palette { return Palette{enabled} }

func (p Palette) paint(text string, attributes ...color.Attribute) string {
	c := color.New(attributes...)
	if p.enabled {
		c.EnableColor()
	} else {
		c.DisableColor()
	}
	return c.Sprint(text)
}

// Red is for errors and refusals.
func (p Palette) Red(text string) string { return p.paint(text, color.FgRed, color.Bold) }

// Green is for what is fine.
func (p Palette) Green(text string) string { return p.paint(text, color.FgGreen) }

// Yellow is for warnings.
func (p Palette) Yellow(text string) string { return p.paint(text, color.FgYellow, color.Bold) }

// Cyan is for hints.
func (p Palette) Cyan(text string) string { return p.paint(text, color.FgCyan) }
