package safefile

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
)

// killedMidway is the folder of mixed after a change that stopped, as if killed,
// between two renames: the journal is there, and nothing was tidied.
func killedMidway(t *testing.T) (dir string) {
	t.Helper()
	dir = mixed(t)
	dead := false
	killed := errors.New("killed")
	err := change(t.Context(), Disk{before: func(at step, path string) error {
		dead = dead || at == stepRename && path == "d"
		if dead {
			return killed
		}
		return nil
	}}, dir)
	if !errors.Is(err, errUnsettled) {
		t.Fatal(err)
	}
	if left, err := Leftovers(dir); len(left) != 1 || err != nil {
		t.Fatal(left, err)
	}
	return dir
}

// What became of a file since a change was begun is nobody's to write over, and
// nothing else of the change is made either.
func TestAChangeIsFinishedOnlyOverWhatItWasMadeOver(t *testing.T) {
	t.Parallel()
	for name, edit := range map[string]func(t *testing.T, dir string){
		"newer":         func(t *testing.T, dir string) { put(t, filepath.Join(dir, "d"), "newer", 0o600) },
		"gone":          func(t *testing.T, dir string) { must(t, os.Remove(filepath.Join(dir, "d"))) },
		"another to go": func(t *testing.T, dir string) { put(t, filepath.Join(dir, "gone"), "newer", 0o600) },
		"another staged": func(t *testing.T, dir string) {
			put(t, filepath.Join(dir, setFolder, newFolder, "d"), "planted", 0o600)
		},
		"nothing staged":   func(t *testing.T, dir string) { must(t, os.Remove(filepath.Join(dir, setFolder, newFolder, "d"))) },
		"a link in place":  func(t *testing.T, dir string) { relink(t, filepath.Join(dir, "d"), "a") },
		"a link as staged": func(t *testing.T, dir string) { relink(t, filepath.Join(dir, setFolder, newFolder, "d"), "../../a") },
	} {
		dir := killedMidway(t)
		edit(t, dir)
		before := everything(t, dir)
		for range 2 {
			how, err := Settle(t.Context(), dir)
			if !fault.Is(err, fault.Refused) || how != NothingToSettle || fault.HintOf(err) == "" {
				t.Errorf("%s: %q, %v", name, how, err)
			}
			if everything(t, dir) != before {
				t.Errorf("%s: something was changed", name)
			}
		}
	}
}

// A journal stays for as long as what it says could not be done.
func TestSettlingThatFailsKeepsItsJournal(t *testing.T) {
	t.Parallel()
	failing := errors.New("disk full")
	for _, at := range []step{stepRename, stepSyncFolder, stepFinish} {
		dir := killedMidway(t)
		d := Disk{before: func(s step, _ string) error {
			if s == at {
				return failing
			}
			return nil
		}}
		if how, err := d.settleSet(t.Context(), dir); !errors.Is(err, failing) {
			t.Fatalf("%s: %q, %v", at, how, err)
		}
		if how, err := Settle(t.Context(), dir); err != nil || how != Finished || state(t, dir) != "new" {
			t.Errorf("%s: %q, %v: %s", at, how, err, state(t, dir))
		}
	}
}

// A file that is exchanged while its set is put together stops the set.
func TestSetStopsWhereAFileIsExchanged(t *testing.T) {
	t.Parallel()
	dir := mixed(t)
	s, err := OpenSet(t.Context(), dir)
	must(t, err)
	defer s.Close()
	_, err = s.Put("a", []byte("new"))
	must(t, err)
	put(t, filepath.Join(dir, "a"), "newer", 0o600)
	if err := s.Commit(t.Context()); !fault.Is(err, fault.Refused) || errors.Is(err, errUnsettled) {
		t.Fatal(err)
	}
	s.Close()
	has(t, filepath.Join(dir, "a"), "newer", 0o600)
	if left, err := Leftovers(dir); len(left) > 0 || err != nil {
		t.Error(left, err)
	}
}

func relink(t *testing.T, path, to string) {
	t.Helper()
	must(t, os.Remove(path))
	must(t, os.Symlink(to, path))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// everything is all that is in a folder, as one text.
func everything(t *testing.T, dir string) (all string) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		all += path + " " + info.Mode().String() + " " + string(data) + "\n"
		return err
	}))
	return all
}
