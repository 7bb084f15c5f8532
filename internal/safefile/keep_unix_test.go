//go:build unix

package safefile

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// An edit of somebody's file leaves it theirs, with its mode.
func TestEditsKeepOwnerGroupAndMode(t *testing.T) {
	t.Parallel()
	for _, mode := range []os.FileMode{0o600, 0o640, 0o644, 0o664} {
		path := filepath.Join(own(t), "f")
		put(t, path, "old", mode)
		if os.Geteuid() == 0 {
			must(t, os.Chown(path, 12345, 23456))
		}
		before, err := os.Stat(path)
		must(t, err)
		if changed, err := Write(path, []byte("new"), Shared); !changed || err != nil {
			t.Fatal(changed, err)
		}
		after, err := os.Stat(path)
		must(t, err)
		was, is := before.Sys().(*syscall.Stat_t), after.Sys().(*syscall.Stat_t)
		if is.Uid != was.Uid || is.Gid != was.Gid || after.Mode() != before.Mode() || os.SameFile(before, after) {
			t.Errorf("%v %d:%d became %v %d:%d", before.Mode(), was.Uid, was.Gid, after.Mode(), is.Uid, is.Gid)
		}
		if changed, err := Write(path, []byte("new"), Shared); changed || err != nil {
			t.Error(changed, err)
		}
	}
}
