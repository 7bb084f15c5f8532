package keystoretest

import (
	"os"
	"testing"
)

// memory is a file system in memory, where there is one.
const memory = "/dev/shm"

// Folder is a new private folder, in memory where that can be had: the contract
// is about order and names, and syncing to a disk thousands of times is slow.
func Folder(t testing.TB) string {
	t.Helper()
	if info, err := os.Stat(memory); err != nil || !info.IsDir() {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp(memory, "latch-test-") //nolint:usetesting // see above
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}
