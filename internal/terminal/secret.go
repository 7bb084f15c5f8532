package terminal

import "golang.org/x/term"

// Is reports whether the file descriptor is a terminal.
func Is(fd int) bool { return term.IsTerminal(fd) }

// Columns is how wide the terminal at a file descriptor is, 0 where it does not say.
func Columns(fd int) int {
	width, _, err := term.GetSize(fd)
	if err != nil {
		return 0
	}
	return width
}
