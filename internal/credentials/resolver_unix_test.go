//go:build unix

package credentials

import (
	"context"
	"errors"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/latch-keys/latch/internal/lattice"
)

// TestReadingAUserEnds: nobody writes to the pipe that a manifest names, and the wait
// ends with the context.
func TestReadingAUserEnds(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "u.creds")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := NewResolver(lattice.Manifest{}, Files{}, nil).UserOf(ctx)(lattice.Connection{Creds: path}); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
