package safefile

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// three files: one new, two to be replaced, in two folders.
func three(t *testing.T) (files []File, check func(want string)) {
	t.Helper()
	dirs := []string{own(t), own(t)}
	paths := []string{filepath.Join(dirs[0], "a"), filepath.Join(dirs[1], "b"), filepath.Join(dirs[0], "c")}
	for _, path := range paths[:2] {
		put(t, path, "old", 0o600)
	}
	for _, path := range paths {
		files = append(files, File{Path: path, Data: []byte("new")})
	}
	files = []File{files[2], files[0], files[1]} // the new one first
	return files, func(want string) {
		t.Helper()
		has(t, paths[0], want, 0o600)
		has(t, paths[1], want, 0o600)
		if want == "new" {
			has(t, paths[2], want, 0o600)
			holdsOnly(t, dirs[0], "a", "c")
		} else {
			holdsOnly(t, dirs[0], "a")
		}
		holdsOnly(t, dirs[1], "b")
	}
}

func TestWriteAllWritesAll(t *testing.T) {
	t.Parallel()
	files, check := three(t)
	changed, err := WriteAll(t.Context(), files)
	if err != nil || !slices.Equal(changed, []string{files[0].Path, files[1].Path, files[2].Path}) {
		t.Fatalf("changed %q, %v", changed, err)
	}
	check("new")
	before, _ := os.Stat(files[0].Path)
	files[1].Data = []byte("newer")
	changed, err = WriteAll(t.Context(), files)
	if err != nil || !slices.Equal(changed, []string{files[1].Path}) {
		t.Fatalf("changed %q, %v", changed, err)
	}
	after, _ := os.Stat(files[0].Path)
	if !os.SameFile(before, after) {
		t.Fatal("an equal file was replaced")
	}
}

func TestWriteAllOfNothing(t *testing.T) {
	t.Parallel()
	if changed, err := WriteAll(t.Context(), nil); changed != nil || err != nil {
		t.Fatal(changed, err)
	}
}

// Whichever step fails, whichever time: all old, and nothing left lying about.
func TestWriteAllIsAllOrNothing(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	for _, s := range []step{stepStage, stepFill, stepSync, stepKeep, stepRename} {
		for nth := 1; ; nth++ {
			files, check := three(t)
			count := 0
			d := Disk{before: func(at step, _ string) error {
				if at == s {
					if count++; count == nth {
						return boom
					}
				}
				return nil
			}}
			changed, err := d.WriteAll(t.Context(), files)
			if count < nth {
				if nth == 1 {
					t.Fatalf("there is no step %q", s)
				}
				check("new")
				break
			}
			if !errors.Is(err, boom) || changed != nil {
				t.Fatalf("%q %d: changed %q, %v", s, nth, changed, err)
			}
			check("old")
		}
	}
}

func TestWriteAllStopsWhenCancelled(t *testing.T) {
	t.Parallel()
	for _, s := range []step{stepStage, stepFill, stepSync, stepKeep, stepRename} {
		files, check := three(t)
		ctx, cancel := context.WithCancel(t.Context())
		d := Disk{before: func(at step, _ string) error {
			if at == s {
				cancel()
			}
			return nil
		}}
		_, err := d.WriteAll(ctx, files)
		cancel()
		if s == stepRename { // too late: finish
			if err != nil {
				t.Fatal(err)
			}
			check("new")
			continue
		}
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("%q: %v", s, err)
		}
		check("old")
	}
}

func TestWriteAllWhereOldFilesCannotBeLinked(t *testing.T) {
	t.Parallel()
	files, check := three(t)
	boom := errors.New("boom")
	renames := 0
	d := Disk{before: func(at step, _ string) error {
		switch at {
		case stepKeepLink:
			return errors.ErrUnsupported
		case stepRename:
			if renames++; renames == 3 {
				return boom
			}
		}
		return nil
	}}
	if _, err := d.WriteAll(t.Context(), files); !errors.Is(err, boom) {
		t.Fatal(err)
	}
	check("old")
}

// When even putting back fails, both failures are told.
func TestWriteAllTellsWhatItCouldNotPutBack(t *testing.T) {
	t.Parallel()
	files, _ := three(t)
	renames := 0
	d := Disk{before: func(at step, _ string) error {
		if at == stepRename {
			if renames++; renames >= 3 {
				return fmt.Errorf("boom %d", renames)
			}
		}
		return nil
	}}
	_, err := d.WriteAll(t.Context(), files)
	if err == nil || !strings.Contains(err.Error(), "boom 3") || !strings.Contains(err.Error(), "boom 4") {
		t.Fatal(err)
	}
}

func TestWriteAllRefusesOneNameTwice(t *testing.T) {
	t.Parallel()
	path := filepath.Join(own(t), "f")
	if _, err := WriteAll(t.Context(), []File{{Path: path}, {Path: filepath.Dir(path) + "/./f"}}); err == nil {
		t.Fatal("no error")
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Fatal("something was written")
	}
}
