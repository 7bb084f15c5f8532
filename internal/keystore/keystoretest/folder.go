package keystoretest

import (
	"os"
	"runtime"
	"testing"
)

// Folder is a new private folder, in memory where that can be had: the contract
// is about order and names, and syncing to a disk thousands of times is slow.
func Folder(t testing.TB) string {
	t.Helper()
	const memory = "/dev/shm"
	parent := ""
	if info, err := os.Stat(memory); runtime.GOOS == "linux" && err == nil && info.IsDir() {
		parent = memory
	}
	dir, err := os.MkdirTemp(parent, "latch-test-") //nolint:usetesting // t.TempDir is on the disk
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		// wine 8 cannot remove files the way Go does.
		if err := os.RemoveAll(dir); err != nil && runtime.GOOS != "windows" {
			t.Error(err)
		}
	})
	return dir
}
