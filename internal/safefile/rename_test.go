package safefile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

func TestRename(t *testing.T) {
	t.Parallel()
	dir := own(t)
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	put(t, a, "x", 0o600)
	if err := Rename(a, b, Private); err != nil {
		t.Fatal(err)
	}
	holdsOnly(t, dir, "b")
	has(t, b, "x", 0o600)
	if err := Rename(a, b, Private); !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if err := Rename(b, filepath.Join(dir, "B"), Private); err != nil {
		t.Fatal(err)
	}
	holdsOnly(t, dir, "B")
}

func TestRenameNeverReplaces(t *testing.T) {
	t.Parallel()
	dir := own(t)
	a, b := filepath.Join(dir, "a"), filepath.Join(dir, "b")
	put(t, a, "a", 0o600)
	put(t, b, "b", 0o600)
	if err := Rename(a, b, Private); !errors.Is(err, fs.ErrExist) {
		t.Fatal(err)
	}
	if err := Rename(a, a, Private); !errors.Is(err, fs.ErrExist) {
		t.Fatal(err)
	}
	has(t, a, "a", 0o600)
	has(t, b, "b", 0o600)
}

func TestOneOfManyRenamesWins(t *testing.T) {
	t.Parallel()
	dir := own(t)
	var won atomic.Int64
	var wait sync.WaitGroup
	for i := range 32 {
		path := filepath.Join(dir, fmt.Sprint(i))
		put(t, path, "x", 0o600)
		wait.Go(func() {
			switch err := Rename(path, filepath.Join(dir, "one"), Private); {
			case err == nil:
				won.Add(1)
			case !errors.Is(err, fs.ErrExist):
				t.Error(err)
			}
		})
	}
	wait.Wait()
	if files, _ := os.ReadDir(dir); won.Load() != 1 || len(files) != 32 {
		t.Fatalf("%d won, %d files", won.Load(), len(files))
	}
}
