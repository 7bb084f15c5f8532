//go:build unix

package safefile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// mostLinks is how many symbolic links a path may lead through.
const mostLinks = 40

// JudgeWay judges every folder and every link on the way to a folder: each must
// belong to us or to root, since whoever owns one can put another in its place.
// Whoever owns the root folder counts as root: inside a user namespace that is
// what root is called.
func JudgeWay(path string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return failed("look at the folder", path, err)
	}
	walk := way{us: os.Geteuid()}
	return walk.along("/", strings.Split(path, "/"))
}

type way struct{ us, links int }

// judge judges who owns what stands on the way.
func (w *way) judge(path string, owner int) error {
	err := judgeOwner(path, owner, w.us)
	if err == nil {
		return nil
	}
	if top, failed := os.Stat("/"); failed == nil && ownerOf(top) == owner {
		return nil
	}
	return err
}

func (w *way) along(at string, steps []string) error {
	for i, step := range steps {
		if step == "" || step == "." {
			continue
		}
		next := filepath.Join(at, step)
		info, err := os.Lstat(next)
		if err != nil {
			return failed("look at the folder", next, err)
		}
		if err := w.judge(next, ownerOf(info)); err != nil {
			return err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			at = next
			continue
		}
		aim, err := os.Readlink(next)
		if w.links++; err == nil && w.links > mostLinks {
			err = errors.New("too many symbolic links")
		}
		if err != nil {
			return failed("look at the folder", next, err)
		}
		if filepath.IsAbs(aim) {
			at = "/"
		}
		return w.along(at, append(strings.Split(aim, "/"), steps[i+1:]...))
	}
	return nil
}
