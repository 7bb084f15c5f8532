//go:build unix

package cmd_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A manifest in a parent folder is only used if nobody else could have put it there.
func TestAManifestOfSomebodyElseAboveIsNotUsed(t *testing.T) {
	t.Parallel()
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: only root can make a file of somebody else")
	}
	top := t.TempDir()
	below := filepath.Join(top, "below")
	if err := os.Mkdir(below, 0o700); err != nil {
		t.Fatal(err)
	}
	latch := asLatch(t)
	run := func(dir string, args ...string) (string, int) {
		c := exec.Command(latch, args...)
		c.Dir, c.Env = dir, []string{"HOME=" + t.TempDir(), "PATH=" + os.Getenv("PATH")}
		out, code, _ := alone(t, c)
		return out, code
	}
	if out, code := run(top, "lattice", "init", "--prefix", "planted", "--host", "web-1", "--keystore", "dir:k"); code != 0 {
		t.Fatal(out)
	}
	if out, code := run(below, "hosts", "list"); code != 0 || !strings.Contains(out, "web-1") {
		t.Fatalf("one of our own: exit code %d, %s", code, out)
	}
	const somebody = 12345
	if err := os.Chown(filepath.Join(top, "lattice.yaml"), somebody, somebody); err != nil {
		t.Fatal(err)
	}
	out, code := run(below, "hosts", "list")
	if code != 4 || strings.Contains(out, "web-1") || !strings.Contains(out, "../lattice.yaml is not used") {
		t.Errorf("one of somebody else: exit code %d, %s", code, out)
	}
	if out, code := run(below, "hosts", "list", "-m", "../lattice.yaml"); code != 0 {
		t.Errorf("named: exit code %d, %s", code, out)
	}
	// Nor is a link of somebody else's, or to a file of theirs, edited through.
	if err := os.Symlink("../lattice.yaml", filepath.Join(below, "link.yaml")); err != nil {
		t.Fatal(err)
	}
	if out, code := run(below, "hosts", "add", "web-2", "-m", "link.yaml"); code != 5 {
		t.Errorf("through a link to a file of somebody else: exit code %d, %s", code, out)
	}
}
