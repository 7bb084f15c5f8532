package cmd_test

import (
	"fmt"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/latch-keys/latch/cmd"
)

// built is the path of latch as releases have it, built once for all tests.
func built(tb testing.TB) string {
	tb.Helper()
	path, err := buildLatch()
	if err != nil {
		tb.Fatal(err)
	}
	return path
}

var buildLatch = sync.OnceValues(func() (string, error) {
	path := cmd.Shared("latch")
	return path, compile("latch", path)
})

// compile builds the program of a folder as make build and releases do.
func compile(folder, into string) error {
	c := exec.Command("go", "build", "-trimpath", "-ldflags=-s -w", "-o", into, ".")
	c.Dir, c.Env = cmd.Source(folder), append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}
