//go:build unix

package safefile

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

func judgeOwnFolder(path string, info fs.FileInfo) error {
	return judgeFolder(path, info.Mode(), ownerOf(info), os.Geteuid())
}

func judgeOwnFile(path string, info fs.FileInfo, access Access) error {
	if err := judgeOwner(path, ownerOf(info), os.Geteuid()); err != nil {
		return err
	}
	if err := judgeNames(path, namesBut(path, info)); err != nil {
		return err
	}
	return judgeMode(path, info.Mode(), access)
}

// asWanted reports whether a file has the mode of its access, belongs to us and has
// no second name. One that is shared keeps what it has.
func asWanted(info fs.FileInfo, access Access) bool {
	own := ownerOf(info) == os.Geteuid() && namesOf(info) == 1
	return access == Shared || info.Mode().Perm() == access.mode() && own
}

// keepOwner gives a new file owner and group of an old one.
func keepOwner(file *os.File, old fs.FileInfo) error {
	was, known := old.Sys().(*syscall.Stat_t)
	now, err := file.Stat()
	if err != nil || !known {
		return err
	}
	if is, ok := now.Sys().(*syscall.Stat_t); ok && is.Uid == was.Uid && is.Gid == was.Gid {
		return nil
	}
	return file.Chown(int(was.Uid), int(was.Gid))
}

// openNew makes a file that nobody else can open, whatever the folder passes on.
func openNew(root *os.Root, name string, mode fs.FileMode) (*os.File, error) {
	return root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
}

func makeOwnFolder(path string) error { return os.Mkdir(path, 0o700) }

// namesOf is how many names a file has, 1 where the system does not say.
func namesOf(info fs.FileInfo) uint64 {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return uint64(stat.Nlink) //nolint:unconvert // narrower on other systems
	}
	return 1
}

// namesBut is how many names a file has, less the one by which a Set of the same
// folder keeps it, to undo with.
func namesBut(path string, info fs.FileInfo) uint64 {
	names := namesOf(info)
	if names != 2 {
		return names
	}
	kept, err := os.Lstat(filepath.Join(filepath.Dir(path), setFolder, oldFolder, filepath.Base(path)))
	if err == nil && os.SameFile(info, kept) {
		return 1
	}
	return names
}

// ownerOf is the user a file belongs to, -1 where the system does not say.
func ownerOf(info fs.FileInfo) int {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(stat.Uid)
	}
	return -1
}

// judgeNames refuses a file that can be reached by another name, perhaps where
// somebody else can.
func judgeNames(path string, names uint64) error {
	if names <= 1 {
		return nil
	}
	return refuse(path, fmt.Sprintf("has %d names (hard links), so it can be changed elsewhere", names), "find the others: find / -samefile "+path)
}

// judgeMode refuses a file that more people can read or write than its access
// allows.
func judgeMode(path string, mode fs.FileMode, access Access) error {
	switch {
	case access == Private && mode.Perm()&0o077 != 0:
		return refuse(path, fmt.Sprintf("can be read or written by others (mode %04o)", mode.Perm()), "chmod 600 "+path)
	case mode.Perm()&0o022 != 0:
		return refuse(path, fmt.Sprintf("can be written by others (mode %04o)", mode.Perm()), "chmod go-w "+path)
	}
	return nil
}

func ownedByUs(info fs.FileInfo) bool { return ownerOf(info) == os.Geteuid() }
