package terminal

import (
	"context"

	"golang.org/x/term"
)

// ReadSecret is term.ReadPassword that ends with ctx, echo restored.
func ReadSecret(ctx context.Context, fd int) ([]byte, error) {
	before, err := term.GetState(fd)
	if err != nil {
		return nil, err
	}
	defer func() { _ = term.Restore(fd, before) }()
	return Await(ctx, term.ReadPassword, fd)
}

// Is reports whether the file descriptor is a terminal.
func Is(fd int) bool { return term.IsTerminal(fd) }
