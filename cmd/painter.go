package cmd

// painter colours words; a terminal.Palette is one.
type painter interface {
	red(text string) string
	green(text string) string
	yellow(text string) string
}
