//go:build unix

package system

import (
	"errors"
	"os"
	"syscall"
)

// Hold marks a staged file as in use for as long as this process keeps it open.
// False: a sweeping process holds it and is about to remove it. A file system
// without locks is no obstacle: there nothing is ever taken for abandoned.
func Hold(file *os.File) bool {
	err := syscall.Flock(int(file.Fd()), syscall.LOCK_SH|syscall.LOCK_NB)
	return !errors.Is(err, syscall.EWOULDBLOCK)
}

// LetGo readies a staged file for its renaming: nothing to do, it stays held.
func LetGo(*os.File) {}

// Held reports whether a living process holds a file.
func Held(file *os.File) bool { return !Abandoned(file) }

// Abandoned reports whether no living process holds a staged file.
func Abandoned(file *os.File) bool {
	return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
}

// SyncFolder makes renames in the folder last.
func SyncFolder(root *os.Root) error {
	dir, err := root.Open(".")
	if err != nil {
		return err
	}
	defer func() { _ = dir.Close() }()
	if err := dir.Sync(); !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil // some network file systems cannot sync a folder
}
