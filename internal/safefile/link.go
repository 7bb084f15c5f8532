package safefile

import (
	"io/fs"
	"os"
	"path/filepath"
)

// Through gives the file that a symbolic link leads to, for an edit in its place:
// only where link and file are our own, and nobody else owns what lies between. Any
// other path is given back as it is, for Write to judge.
func Through(path string) string {
	link, err := os.Lstat(path)
	if err != nil || link.Mode()&fs.ModeSymlink == 0 || !ownedByUs(link) {
		return path
	}
	aim, err := filepath.EvalSymlinks(path)
	if err != nil || JudgeWay(path) != nil {
		return path
	}
	if file, err := os.Lstat(aim); err != nil || !ownedByUs(file) {
		return path
	}
	return aim
}
