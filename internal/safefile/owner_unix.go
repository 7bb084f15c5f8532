//go:build unix

package safefile

import (
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

func judgeOwnFolder(path string, info fs.FileInfo) error {
	return judgeFolder(path, info.Mode(), ownerOf(info), os.Geteuid())
}

// judgeOwnFile refuses a secret file that others can read.
func judgeOwnFile(path string, info fs.FileInfo) error {
	mode := info.Mode().Perm()
	if mode&0o077 == 0 {
		return nil
	}
	return &Refusal{
		Path:   path,
		Reason: fmt.Sprintf("can be read or written by others (mode %04o)", mode),
		hint:   "chmod 600 " + path,
	}
}

// asWanted reports whether a file has the mode of its access and, where it is
// private, belongs to us.
func asWanted(info fs.FileInfo, access Access) bool {
	return info.Mode().Perm() == access.mode() && (access == Shared || ownerOf(info) == os.Geteuid())
}

// ownerOf is the user a file belongs to, -1 where the system does not say.
func ownerOf(info fs.FileInfo) int {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(stat.Uid)
	}
	return -1
}
