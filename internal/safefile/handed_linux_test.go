package safefile

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
)

// A secret with a mode for others to read is taken from a mount that nobody can
// write.
func TestReadHandedFromReadOnlyMounts(t *testing.T) {
	dir := own(t)
	put(t, filepath.Join(dir, "secret"), "secret", 0o644)
	must(t, os.Chmod(dir, 0o777|os.ModeSticky))
	if err := syscall.Mount(dir, dir, "", syscall.MS_BIND, ""); err != nil {
		t.Skipf("SKIPPED: only who may mount can mount: %v", err)
	}
	t.Cleanup(func() { must(t, syscall.Unmount(dir, 0)) })
	if data, err := ReadHanded(t.Context(), filepath.Join(dir, "secret"), 100); !fault.Is(err, fault.Refused) {
		t.Errorf("before it is read-only: %q, %v", data, err)
	}
	must(t, syscall.Mount("", dir, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
	if data, err := ReadHanded(t.Context(), filepath.Join(dir, "secret"), 100); err != nil || string(data) != "secret" {
		t.Errorf("%q, %v", data, err)
	}
}
