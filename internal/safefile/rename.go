package safefile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/latch-keys/latch/internal/safefile/system"
)

// rename gives a regular file another name in the folder, atomically: fs.ErrExist
// where the new name is taken, by whatever; fs.ErrNotExist where the file is not
// there.
func (f *folder) rename(base, to string) error {
	path := filepath.Join(f.path, base)
	info, err := f.root.Lstat(base)
	if err != nil {
		return failed("rename", path, err)
	}
	if err := judgeRegular(path, info); err != nil {
		return err
	}
	if err := f.moveFile(base, to, info); err != nil {
		return err
	}
	return f.sync()
}

// moveFile renames without replacing. Where the system cannot promise that, it
// looks first.
func (f *folder) moveFile(base, to string, info fs.FileInfo) error {
	target := filepath.Join(f.path, to)
	if err := f.at(stepRename, target); err != nil {
		return failed("rename to", target, err)
	}
	err := system.ErrNoExclusive
	folded := f.folds(base, to, info)
	if !folded {
		err = system.RenameExclusive(f.root, base, to)
	}
	if errors.Is(err, system.ErrNoExclusive) {
		if !folded {
			if err := f.vacant(to); err != nil {
				return err
			}
		}
		err = f.root.Rename(base, to)
	}
	if err != nil {
		return failed("rename to", target, err)
	}
	return nil
}

// folds reports whether the two names differ by case only and are one file,
// since the file system does not tell cases apart.
func (f *folder) folds(base, to string, info fs.FileInfo) bool {
	if base == to || !strings.EqualFold(base, to) {
		return false
	}
	other, err := f.root.Lstat(to)
	return err == nil && os.SameFile(info, other)
}
