package safefile

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
)

// own is a folder that Private files may be in.
func own(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "own")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

func put(t *testing.T, path, data string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(data), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func has(t *testing.T, path, want string, mode os.FileMode) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(data) != want {
		t.Fatalf("%s holds %q, want %q", path, data, want)
	}
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode() != mode {
		t.Fatalf("%s has mode %v, want %v", path, info.Mode(), mode)
	}
}

// holdsOnly makes sure that nothing but the names is in the folder.
func holdsOnly(t *testing.T, dir string, names ...string) {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, file := range files {
		found = append(found, file.Name())
	}
	if strings.Join(found, " ") != strings.Join(names, " ") {
		t.Fatalf("%s holds %q, want %q", dir, found, names)
	}
}

func refused(t *testing.T, err error, path string) {
	t.Helper()
	var refusal *Refusal
	if !fault.Is(err, fault.Refused) || !errors.As(err, &refusal) {
		t.Fatalf("error is %v, want a refusal", err)
	}
	if refusal.Path != path || refusal.Hint() == "" || !strings.Contains(err.Error(), path) {
		t.Fatalf("refusal %q of %q with hint %q, want one of %q", err, refusal.Path, refusal.Hint(), path)
	}
}
