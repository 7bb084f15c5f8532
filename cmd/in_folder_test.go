package cmd_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/latch-keys/latch/cmd"
)

func arguments(dir, args string) []string {
	return append(strings.Fields(args), "--manifest", filepath.Join(dir, "lattice.yaml"), "--keystore", "dir:"+filepath.Join(dir, "k"))
}

// inFolder runs a command on the manifest and keystore of a folder and gives its
// stdout.
func inFolder(t *testing.T, dir string, want int, args string) []byte {
	t.Helper()
	code, out := tryInFolder(t, dir, args)
	if code != want {
		t.Fatalf("%s: exit code %d, want %d\n%s", args, code, want, out)
	}
	return out
}

func tryInFolder(t *testing.T, dir, args string) (code int, out []byte) {
	t.Helper()
	p := newProcess(t, arguments(dir, args)...)
	code = cmd.Main(t.Context(), p.System)
	return code, []byte(p.stdout.String() + p.stderr.String())
}
