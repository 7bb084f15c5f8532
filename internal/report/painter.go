package report

// Painter colours words; a terminal.Palette is one.
type Painter interface {
	Red(text string) string
	Green(text string) string
	Yellow(text string) string
}
