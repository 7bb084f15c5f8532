package cmd_test

import (
	"os"
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

// Of several lattices each is written, whether or not anybody reads about it, and one
// message says which; what only reads ends without a word.
func TestAllLatticesAreWrittenWithoutAReader(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"a", "b", "c"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
		inFolder(t, filepath.Join(dir, name), 0, "lattice init --prefix "+name+" --host web-1")
	}
	run := func(code int, args ...string) string {
		t.Helper()
		p := newProcess(t, append(args, "-m", dir)...)
		p.System.Stdout = closedPipe{}
		if got := cmd.Main(t.Context(), p.System); got != code {
			t.Errorf("%s: exit code %d, want %d", args, got, code)
		}
		return p.stderr.String()
	}
	for _, read := range []string{"lattice show", "hosts list", "env write --check", "lattice show -o json"} {
		if said := run(141, strings.Fields(read)...); said != "" {
			t.Errorf("%s: %s", read, said)
		}
	}
	if err := os.RemoveAll(filepath.Join(dir, "b", "lattice.yaml")); err != nil {
		t.Fatal(err)
	}
	said := run(1, "env", "write", "-m", filepath.Join(dir, "b", "lattice.yaml"))
	for _, name := range []string{"a", "c"} {
		if _, err := os.Stat(filepath.Join(dir, name, "env", "web-1.env")); err != nil {
			t.Error(err)
		}
	}
	if !strings.Contains(said, "it was done for ") || !strings.Contains(said, "what is left: latch env write -m ") {
		t.Error(said)
	}
	if said := run(1, "env", "write", "-o", "json"); strings.Count(said, `"written": true`) != 2 || !strings.Contains(said, "do not run the command again") {
		t.Error(said)
	}
}
