package safefile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
)

func TestReadWithinItsLimit(t *testing.T) {
	t.Parallel()
	path := filepath.Join(own(t), "f")
	put(t, path, "12345", 0o600)
	for limit, fits := range map[int64]bool{0: false, 4: false, 5: true, 100: true} {
		data, err := Read(path, Private, limit)
		if fits && (err != nil || string(data) != "12345") {
			t.Errorf("limit %d: %q, %v", limit, data, err)
		}
		if !fits && (!errors.Is(err, ErrTooLarge) || data != nil) {
			t.Errorf("limit %d: %q, %v", limit, data, err)
		}
	}
	if _, err := Read(path+"2", Private, 1); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path+"2") {
		t.Errorf("error is %v", err)
	}
}

func TestReadRefusesSecretsOthersCanRead(t *testing.T) {
	t.Parallel()
	path := filepath.Join(own(t), "f")
	for _, mode := range []os.FileMode{0o640, 0o604, 0o644, 0o620, 0o666} {
		put(t, path, "x", mode)
		_, err := Read(path, Private, 10)
		refused(t, err, path)
		var refusal *Refusal
		if errors.As(err, &refusal); refusal.Hint() != "chmod 600 "+path {
			t.Fatalf("hint is %q", refusal.Hint())
		}
		if _, err := Read(path, Shared, 10); err != nil {
			t.Fatal(err)
		}
	}
	for _, mode := range []os.FileMode{0o600, 0o400, 0o700} {
		put(t, path, "x", mode)
		if _, err := Read(path, Private, 10); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSharedFilesAreReadThroughLinks(t *testing.T) {
	t.Parallel()
	path := filepath.Join(own(t), "f")
	put(t, path, "x", 0o644)
	if err := os.Symlink(path, path+"2"); err != nil {
		t.Fatal(err)
	}
	if data, err := Read(path+"2", Shared, 10); err != nil || string(data) != "x" {
		t.Fatal(data, err)
	}
}

func TestMakeDirMakesParentsToo(t *testing.T) {
	t.Parallel()
	top := own(t)
	path := filepath.Join(top, "a", "b", "c")
	for range 2 {
		if err := MakeDir(path); err != nil {
			t.Fatal(err)
		}
	}
	for _, dir := range []string{path, filepath.Dir(path), filepath.Join(top, "a")} {
		if info, _ := os.Stat(dir); info.Mode() != os.ModeDir|0o700 {
			t.Errorf("%s has mode %v", dir, info.Mode())
		}
	}
	put(t, filepath.Join(top, "file"), "x", 0o600)
	if err := MakeDir(filepath.Join(top, "file")); !fault.Is(err, fault.Refused) {
		t.Errorf("a file passed for a folder: %v", err)
	}
	if err := MakeDir(filepath.Join(top, "file", "under")); err == nil {
		t.Error("a folder was made under a file")
	}
}

func TestRemove(t *testing.T) {
	t.Parallel()
	dir := own(t)
	path := filepath.Join(dir, "f")
	put(t, path, "x", 0o600)
	if err := (Disk{}).Remove(path); err != nil {
		t.Fatal(err)
	}
	holdsOnly(t, dir)
	if err := (Disk{}).Remove(path); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path) {
		t.Fatalf("error is %v", err)
	}
}
