package system

import (
	"os"

	"golang.org/x/sys/unix"
)

// SyncsAll tells that the system can sync all that was written at once.
const SyncsAll = true

// SyncAll makes all that was written on the folder's file system last. Since
// Linux 5.8 it tells when that failed.
func SyncAll(root *os.Root) error {
	dir, err := root.Open(".")
	if err != nil {
		return err
	}
	defer func() { _ = dir.Close() }()
	return unix.Syncfs(int(dir.Fd()))
}
