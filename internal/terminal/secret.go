package terminal

import "golang.org/x/term"

// Is reports whether the file descriptor is a terminal.
func Is(fd int) bool { return term.IsTerminal(fd) }
