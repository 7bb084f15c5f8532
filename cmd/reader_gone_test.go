package cmd_test

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/latch-keys/latch/cmd"
)

// closedPipe is a stdout whose reader has ended.
type closedPipe struct{}

func (closedPipe) Write([]byte) (int, error) { return 0, syscall.EPIPE }

// A reader that has had enough, as head has, is no failure: nothing is said, and the
// exit code is that of a program that SIGPIPE ends.
func TestAReaderThatHasEndedIsNoFailure(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	inFolder(t, dir, 0, "lattice init --prefix prod --host web-1")
	env := filepath.Join(dir, "job.env")
	for _, args := range []string{
		"--version", "config path", "lattice schema", "hosts list", "env print web-1", "env print web-1 --dialect json",
		"env print web-1 --dialect github", "keys gen cluster", "keys list",
	} {
		p := newProcess(t, arguments(dir, args)...)
		p.System.Stdout = closedPipe{}
		p.System.Environ = append(p.System.Environ, "GITHUB_ENV="+env)
		if code := cmd.Main(t.Context(), p.System); code != 141 || strings.Contains(p.stderr.String(), "error") {
			t.Errorf("%s: exit code %d, %s", args, code, p.stderr.String())
		}
	}
}
