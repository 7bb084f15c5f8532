package safefile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
)

func TestAppend(t *testing.T) {
	t.Parallel()
	for before, want := range map[string]string{"": "A=b\n", "X=y\n": "X=y\nA=b\n", "X=y": "X=y\nA=b\n"} {
		path := filepath.Join(t.TempDir(), "env")
		if err := os.WriteFile(path, []byte(before), 0o644); err != nil {
			t.Fatal(err)
		}
		held, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := Append(path, []byte("A=b\n")); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		if err != nil || string(got) != want {
			t.Errorf("%q became %q, want %q: %v", before, got, want, err)
		}
		if now, err := os.Stat(path); err != nil || !os.SameFile(held, now) || now.Mode() != held.Mode() {
			t.Errorf("the file was exchanged, or its mode changed: %v", err)
		}
	}
}

func TestAppendRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := Append(filepath.Join(dir, "none"), []byte("x")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	if err := Append(dir, []byte("x")); !fault.Is(err, fault.Refused) {
		t.Errorf("a folder: %v", err)
	}
	if runtime.GOOS == "windows" {
		return
	}
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "link")
	if err := errors.Join(os.WriteFile(target, nil, 0o600), os.Symlink(target, link)); err != nil {
		t.Fatal(err)
	}
	if err := Append(link, []byte("x")); !fault.Is(err, fault.Refused) {
		t.Errorf("a link: %v", err)
	}
	if got, err := os.ReadFile(target); err != nil || len(got) > 0 {
		t.Errorf("the link was followed: %q, %v", got, err)
	}
}
