package safefile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// failing is a disk on which one step fails.
func failing(s step, err error) Disk {
	return Disk{before: func(at step, _ string) error {
		if at == s {
			return err
		}
		return nil
	}}
}

// A full disk leaves the old file, nothing beside it, and an error that can be
// matched and read.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	full := &fs.PathError{Op: "write", Path: "internal-name", Err: syscall.ENOSPC}
	for _, s := range []step{stepStage, stepFill, stepSync, stepRename} {
		dir := own(t)
		path := filepath.Join(dir, "f")
		put(t, path, "old", 0o600)
		_, err := failing(s, full).Write(path, []byte("new"), Private)
		if !errors.Is(err, syscall.ENOSPC) || strings.Contains(err.Error(), "internal-name") || !strings.Contains(err.Error(), path) {
			t.Fatalf("%q: %v", s, err)
		}
		var hinted interface{ Hint() string }
		if !errors.As(err, &hinted) || !strings.Contains(hinted.Hint(), "space") {
			t.Fatalf("%q: no hint in %v", s, err)
		}
		has(t, path, "old", 0o600)
		holdsOnly(t, dir, "f")
	}
}

func TestFailedCreateLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, s := range []step{stepStage, stepFill, stepSync, stepLink} {
		dir := own(t)
		boom := errors.New("boom")
		if err := failing(s, boom).Create(filepath.Join(dir, "f"), []byte("x"), Private); !errors.Is(err, boom) {
			t.Fatalf("%q: %v", s, err)
		}
		holdsOnly(t, dir)
	}
}

// A folder that cannot be synced is told, the file is whole all the same, and the error
// tells that it is there.
func TestFolderThatCannotBeSynced(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	d := failing(stepSyncFolder, boom)
	path := filepath.Join(own(t), "f")
	if changed, err := d.Write(path, []byte("x"), Private); !changed || !errors.Is(err, boom) || !errors.Is(err, ErrInPlace) {
		t.Fatal(changed, err)
	}
	has(t, path, "x", 0o600)
	if err := d.Create(path+"2", []byte("x"), Private); !errors.Is(err, boom) || !errors.Is(err, ErrInPlace) {
		t.Fatal(err)
	}
	if err := d.Remove(path); !errors.Is(err, boom) {
		t.Fatal(err)
	}
	if err := d.MakeDir(filepath.Join(filepath.Dir(path), "d")); !errors.Is(err, boom) {
		t.Fatal(err)
	}
}

func TestRemoveAndMakeDirThatFail(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	path := filepath.Join(own(t), "f")
	put(t, path, "x", 0o600)
	if err := failing(stepRemove, boom).Remove(path); !errors.Is(err, boom) {
		t.Fatal(err)
	}
	has(t, path, "x", 0o600)
	if err := failing(stepMakeDir, boom).MakeDir(path + ".d/e"); !errors.Is(err, boom) {
		t.Fatal(err)
	}
	if _, err := os.Stat(path + ".d"); !errors.Is(err, fs.ErrNotExist) {
		t.Fatal("the parent was made")
	}
}
