package safefile

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
)

// A file system that is really full. The same is tested with a fault put in.
func TestReallyFullDisk(t *testing.T) {
	dir := own(t)
	if err := syscall.Mount("latch-test", dir, "tmpfs", 0, "size=64k,mode=0700"); err != nil {
		t.Skipf("SKIPPED: only who may mount can fill a disk: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	path := filepath.Join(dir, "f")
	if _, err := Write(path, []byte("old"), Private); err != nil {
		t.Fatal(err)
	}
	big := bytes.Repeat([]byte("x"), 100_000)
	if _, err := Write(path, big, Private); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("error is %v", err)
	}
	if err := Create(path+"2", big, Private); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("error is %v", err)
	}
	s, err := OpenSet(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put("f", []byte("new")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put("f2", big); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("error is %v", err)
	}
	s.Close()
	has(t, path, "old", 0o600)
	holdsOnly(t, dir, "f")
}

// A folder that cannot be written. Root can write any, so root looks at it as
// somebody else.
func TestReadOnlyFolder(t *testing.T) {
	t.Parallel()
	top, err := os.MkdirTemp("", "latch-test-") //nolint:usetesting // its parent is closed to others
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(top) })
	dir := filepath.Join(top, "d")
	if err := errors.Join(os.Chmod(top, 0o755), os.Mkdir(dir, 0o700)); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "f")
	put(t, path, "old", 0o644)
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(dir, 0o700) })
	asNobody(t, func() {
		for doing, err := range map[string]error{
			"Write":  second(Write(path, []byte("new"), Shared)),
			"new":    second(Write(path+"2", []byte("new"), Shared)),
			"Create": Create(path+"2", []byte("new"), Private),
			"Remove": Disk{}.Remove(path),
			"Lock":   second(Lock(t.Context(), path)),
		} {
			if !errors.Is(err, fs.ErrPermission) {
				t.Errorf("%s: error is %v", doing, err)
			}
		}
		if changed, err := Write(path, []byte("old"), Shared); changed || err != nil {
			t.Errorf("an equal file: %v %v", changed, err)
		}
	})
	has(t, path, "old", 0o644)
}

// asNobody runs act on a thread that is nobody to the file system, where we are
// root. The thread ends with its goroutine.
func asNobody(t *testing.T, act func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		act()
		return
	}
	ours := own(t)
	done := make(chan struct{})
	go func() {
		defer close(done)
		runtime.LockOSThread() // and never unlocked
		if err := syscall.Setfsuid(65534); err != nil {
			t.Error(err)
			return
		}
		if _, err := os.ReadDir(ours); !errors.Is(err, fs.ErrPermission) {
			t.Errorf("still root: %v", err)
			return
		}
		act()
	}()
	<-done
}
