package cmd

import (
	"context"

	"golang.org/x/term"
)

// readSecret is term.ReadPassword that ends with ctx, echo restored.
func readSecret(ctx context.Context, fd int) ([]byte, error) {
	before, err := term.GetState(fd)
	if err != nil {
		return nil, err
	}
	defer func() { _ = term.Restore(fd, before) }()
	return await(ctx, term.ReadPassword, fd)
}
