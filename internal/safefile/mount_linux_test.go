package safefile

import (
	"errors"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
)

// A file that docker mounts by itself cannot be exchanged: the way out is said.
func TestAFileThatIsAMountOfItsOwn(t *testing.T) {
	dir := own(t)
	path := filepath.Join(dir, "lattice.yaml")
	put(t, path, "old", 0o644)
	put(t, filepath.Join(dir, "real"), "old", 0o644)
	if err := syscall.Mount(filepath.Join(dir, "real"), path, "", syscall.MS_BIND, ""); err != nil {
		t.Skipf("SKIPPED: only who may mount can mount: %v", err)
	}
	t.Cleanup(func() { must(t, syscall.Unmount(path, 0)) })
	changed, err := Write(path, []byte("new"), Shared)
	if changed || !errors.Is(err, syscall.EBUSY) || !strings.Contains(fault.HintOf(err), "mount its folder") {
		t.Fatalf("%v, hint %q", err, fault.HintOf(err))
	}
	has(t, path, "old", 0o644)
	holdsOnly(t, dir, "lattice.yaml", "real")
}
