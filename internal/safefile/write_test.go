package safefile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestWriteMakesReplacesAndLeavesAlone(t *testing.T) {
	t.Parallel()
	for _, access := range []Access{Private, Shared} {
		dir := own(t)
		path := filepath.Join(dir, "f")
		for i, c := range []struct {
			data    string
			changed bool
		}{{"one", true}, {"one", false}, {"two", true}, {"", true}, {"", false}, {"three\n", true}} {
			changed, err := Write(path, []byte(c.data), access)
			if err != nil || changed != c.changed {
				t.Fatalf("write %d: changed %v, %v", i, changed, err)
			}
			has(t, path, c.data, access.mode())
			holdsOnly(t, dir, "f")
		}
	}
}

func TestWriteLeavesTimesOfEqualFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(own(t), "f")
	put(t, path, "same", 0o600)
	old := time.Unix(1_000_000, 0)
	if err := os.Chtimes(path, old, old); err != nil {
		t.Fatal(err)
	}
	before, _ := os.Stat(path)
	if _, err := Write(path, []byte("same"), Private); err != nil {
		t.Fatal(err)
	}
	after, _ := os.Stat(path)
	if !after.ModTime().Equal(old) || !os.SameFile(before, after) {
		t.Fatal("an equal file was touched")
	}
}

func TestWriteNarrowsTheModeOfAnEqualFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(own(t), "f")
	put(t, path, "same", 0o644)
	if changed, err := Write(path, []byte("same"), Private); !changed || err != nil {
		t.Fatalf("changed %v, %v", changed, err)
	}
	has(t, path, "same", 0o600)
}

func TestWriteBreaksHardLinks(t *testing.T) {
	t.Parallel()
	dir := own(t)
	path, other := filepath.Join(dir, "f"), filepath.Join(dir, "other")
	put(t, path, "old", 0o600)
	if err := os.Link(path, other); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(path, []byte("new"), Private); err != nil {
		t.Fatal(err)
	}
	has(t, path, "new", 0o600)
	has(t, other, "old", 0o600)
}

func TestWriteNeedsItsFolder(t *testing.T) {
	t.Parallel()
	path := filepath.Join(own(t), "missing", "f")
	_, err := Write(path, nil, Shared)
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), filepath.Dir(path)) {
		t.Fatalf("error is %v", err)
	}
}

func TestWriteTakesOnlyPathsOfFiles(t *testing.T) {
	t.Parallel()
	dir := own(t)
	for _, path := range []string{"", ".", "..", "/", dir + "/", dir + "/.", dir + "/..", dir + "/" + stagedPrefix + "1"} {
		if _, err := Write(path, []byte("x"), Shared); err == nil {
			t.Errorf("wrote %q", path)
		}
	}
	holdsOnly(t, dir)
}

func TestRelativePathsStartHere(t *testing.T) {
	t.Chdir(own(t))
	if changed, err := Write("f", []byte("x"), Private); !changed || err != nil {
		t.Fatal(changed, err)
	}
	has(t, "f", "x", 0o600)
}
