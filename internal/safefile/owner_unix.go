//go:build unix

package safefile

import (
	"io/fs"
	"os"
	"syscall"
)

func judgeOwnFolder(path string, info fs.FileInfo) error {
	return judgeFolder(path, info.Mode(), ownerOf(info), os.Geteuid())
}

func judgeOwnFile(path string, info fs.FileInfo) error { return judgeReaders(path, info.Mode()) }

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
