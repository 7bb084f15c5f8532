//go:build unix

package safefile

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// traps are things at a path that must be neither followed nor replaced.
func traps() map[string]func(t *testing.T, path string) {
	return map[string]func(t *testing.T, path string){
		"link to a file": func(t *testing.T, path string) {
			put(t, path+".aim", "aim", 0o600)
			link(t, path+".aim", path)
		},
		"link to nothing":  func(t *testing.T, path string) { link(t, path+".none", path) },
		"link to a folder": func(t *testing.T, path string) { link(t, filepath.Dir(path), path) },
		"folder": func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		},
		"pipe": func(t *testing.T, path string) {
			if err := syscall.Mkfifo(path, 0o600); err != nil {
				t.Fatal(err)
			}
		},
	}
}

func link(t *testing.T, aim, path string) {
	t.Helper()
	if err := os.Symlink(aim, path); err != nil {
		t.Fatal(err)
	}
}

func TestTrapsAreLeftAlone(t *testing.T) {
	t.Parallel()
	actions := map[string]func(path string) error{
		"Write":  func(path string) error { _, err := Write(path, []byte("new"), Private); return err },
		"share":  func(path string) error { _, err := Write(path, []byte("new"), Shared); return err },
		"Read":   func(path string) error { _, err := Read(path, Private, 10); return err },
		"Remove": Disk{}.Remove,
		"Rename": func(path string) error { return Disk{}.Rename(path, path+".to", Private) },
		"Set":    func(path string) error { return putAll(path+".first", path) },
		"Same":   func(path string) error { _, err := Same(path, []byte("new"), Private); return err },
	}
	for trap, set := range traps() {
		for action, act := range actions {
			t.Run(trap+"/"+action, func(t *testing.T) {
				t.Parallel()
				path := filepath.Join(own(t), "f")
				set(t, path)
				before, _ := os.Lstat(path)
				refused(t, act(path), path)
				after, err := os.Lstat(path)
				if err != nil || !os.SameFile(before, after) {
					t.Fatal("it was replaced")
				}
				if _, err := os.Lstat(path + ".none"); err == nil {
					t.Fatal("the link was followed")
				}
				if data, err := os.ReadFile(path + ".aim"); err == nil && string(data) != "aim" {
					t.Fatal("the link was followed")
				}
			})
		}
	}
}

func TestLockIsNotTakenThroughTraps(t *testing.T) {
	t.Parallel()
	for trap, set := range traps() {
		t.Run(trap, func(t *testing.T) {
			path := filepath.Join(own(t), "f")
			set(t, path+".lock")
			_, err := Lock(t.Context(), path)
			refused(t, err, path+".lock")
		})
	}
}

func TestCreateTakesNoTakenName(t *testing.T) {
	t.Parallel()
	for trap, set := range traps() {
		t.Run(trap, func(t *testing.T) {
			path := filepath.Join(own(t), "f")
			set(t, path)
			if err := Create(path, []byte("new"), Private); !errors.Is(err, os.ErrExist) {
				t.Fatalf("error is %v", err)
			}
		})
	}
}

func TestPrivateFilesNeedAFolderOfOnesOwn(t *testing.T) {
	t.Parallel()
	for mode, safe := range map[os.FileMode]bool{0o700: true, 0o755: true, 0o711: true, 0o770: false, 0o702: false, 0o777: false, os.ModeSticky | 0o777: false} {
		dir := own(t)
		if err := os.Chmod(dir, mode); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, "f")
		for doing, err := range map[string]error{
			"Create":  Create(path, nil, Private),
			"Set":     putAll(path),
			"MakeDir": MakeDir(dir),
		} {
			if safe && err != nil {
				t.Errorf("%v %s: %v", mode, doing, err)
			}
			if !safe {
				refused(t, err, dir)
			}
		}
		if _, err := Write(filepath.Join(dir, "shared"), nil, Shared); err != nil {
			t.Errorf("%v: %v", mode, err)
		}
		holdsOnly(t, dir, append(map[bool][]string{true: {"f"}}[safe], "shared")...)
	}
}

// putAll writes files of one folder as a set.
func putAll(paths ...string) error {
	s, err := OpenSet(context.Background(), filepath.Dir(paths[0]))
	if err != nil {
		return err
	}
	defer s.Close()
	for _, path := range paths {
		if _, err := s.Put(filepath.Base(path), []byte("x")); err != nil {
			return err
		}
	}
	return s.Commit(context.Background())
}

func second[T any](_ T, err error) error { return err }

func TestFoldersAreJudgedByOwner(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		mode      os.FileMode
		owner, us int
		want      string
	}{
		{os.ModeDir | 0o700, 1000, 1000, ""},
		{os.ModeDir | 0o755, 0, 1000, ""},
		{os.ModeDir | 0o700, 1001, 1000, "belongs to user 1001"},
		{os.ModeDir | 0o700, 1000, 0, "belongs to user 1000"},
		{os.ModeDir | 0o700, -1, 1000, "belongs to user -1"},
		{os.ModeDir | 0o720, 1000, 1000, "mode 0720"},
		{os.ModeDir | 0o702, 0, 1000, "mode 0702"},
		{0o700, 1000, 1000, "not a folder"},
	} {
		err := judgeFolder("k", c.mode, c.owner, c.us)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestFolderOfAnotherUserIsRefused(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("SKIPPED: only root can give a folder away; the judgement itself is tested above")
	}
	dir := own(t)
	if err := os.Chown(dir, 65534, 65534); err != nil {
		t.Fatal(err)
	}
	refused(t, Create(filepath.Join(dir, "f"), nil, Private), dir)
	refused(t, MakeDir(dir), dir)
}
