package system_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/latch-keys/latch/internal/safefile/system"
)

func TestRenameExclusiveNeverReplaces(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = root.Close() }()
	for _, name := range []string{"a", "b"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	err = system.RenameExclusive(root, "a", "b")
	if !errors.Is(err, fs.ErrExist) && !errors.Is(err, system.ErrNoExclusive) {
		t.Errorf("onto a file that is there: %v", err)
	}
	if text, err := os.ReadFile(filepath.Join(dir, "b")); err != nil || string(text) != "b" {
		t.Errorf("b holds %q (%v)", text, err)
	}
}

func TestDescriptorIn(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/dev/fd/x", "/dev/fd/-1", "web-1.env", "/dev/fd/"} {
		if fd, is := system.DescriptorIn(path); is {
			t.Errorf("%s is taken for descriptor %d", path, fd)
		}
	}
}
