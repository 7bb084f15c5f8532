//go:build linux || darwin

package system

import (
	"errors"
	"os"

	"golang.org/x/sys/unix"
)

// RenameExclusive renames unless the new name is taken: fs.ErrExist then.
func RenameExclusive(root *os.Root, from, to string) error {
	dir, err := root.Open(".")
	if err != nil {
		return err
	}
	defer func() { _ = dir.Close() }()
	err = renameNoReplace(int(dir.Fd()), from, to)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) || errors.Is(err, unix.ENOTSUP) {
		return ErrNoExclusive // some network file systems
	}
	return err
}
