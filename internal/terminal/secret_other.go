//go:build !linux && !darwin && !freebsd && !netbsd && !openbsd && !dragonfly

package terminal

import (
	"context"
	"errors"
	"io"

	"golang.org/x/term"

	"github.com/latch-keys/latch/internal/bounded"
)

// ReadSecret reads a line that is not shown. Echo is as it was when it returns.
// The end of input is an answer: what was typed until then.
func ReadSecret(ctx context.Context, fd int, _ func()) ([]byte, error) {
	before, err := term.GetState(fd)
	if err != nil {
		return nil, err
	}
	defer func() { _ = term.Restore(fd, before) }()
	text, err := bounded.Call(ctx, func() ([]byte, error) { return term.ReadPassword(fd) })
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return text, err
}
