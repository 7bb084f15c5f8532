package safefile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/safefile/system"
)

// mixed is a folder with the files a, b and gone, and a set that makes c,
// replaces a, leaves b as it is and removes gone.
func mixed(t *testing.T) (dir string) {
	t.Helper()
	dir = own(t)
	put(t, filepath.Join(dir, "a"), "old", 0o600)
	put(t, filepath.Join(dir, "b"), "same", 0o600)
	put(t, filepath.Join(dir, "d"), "old", 0o600)
	put(t, filepath.Join(dir, "gone"), "old", 0o600)
	return dir
}

// openSet is OpenSet on a disk.
func openSet(ctx context.Context, d Disk, dir string) (*Set, error) {
	held, err := d.Hold(ctx, dir, nil)
	if err != nil {
		return nil, err
	}
	s := held.Set()
	s.end = held.Release
	return s, nil
}

func change(ctx context.Context, d Disk, dir string) error {
	s, err := openSet(ctx, d, dir)
	if err != nil {
		return err
	}
	defer s.Close()
	for name, data := range map[string]string{"a": "new", "b": "same", "c": "new", "d": "new"} {
		changed, err := s.Put(name, []byte(data))
		if err != nil {
			return err
		}
		if changed != (data == "new") {
			return fmt.Errorf("%s: changed is %t", name, changed)
		}
	}
	if err := s.Remove("gone"); err != nil {
		return err
	}
	return s.Commit(ctx)
}

// state says which set the folder has: "old", "new", or what it has instead.
func state(t *testing.T, dir string) string {
	t.Helper()
	got := ""
	for _, name := range []string{"a", "b", "c", "d", "gone"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			data = []byte("-")
		case err != nil:
			t.Fatal(err)
		}
		got += name + "=" + string(data) + " "
	}
	switch got {
	case "a=old b=same c=- d=old gone=old ":
		return "old"
	case "a=new b=same c=new d=new gone=- ":
		return "new"
	}
	return got
}

func TestSet(t *testing.T) {
	t.Parallel()
	dir := mixed(t)
	before, _ := os.Stat(filepath.Join(dir, "b"))
	if err := change(t.Context(), Disk{}, dir); err != nil {
		t.Fatal(err)
	}
	if got := state(t, dir); got != "new" {
		t.Fatal(got)
	}
	holdsOnly(t, dir, "a", "b", "c", "d")
	has(t, filepath.Join(dir, "c"), "new", 0o600)
	if after, _ := os.Stat(filepath.Join(dir, "b")); !os.SameFile(before, after) {
		t.Fatal("an equal file was replaced")
	}
}

func TestSetNotCommittedLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := mixed(t)
	s, err := OpenSet(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Put("a", []byte("new")); err != nil {
		t.Fatal(err)
	}
	s.Close()
	if got := state(t, dir); got != "old" {
		t.Fatal(got)
	}
	holdsOnly(t, dir, "a", "b", "d", "gone")
}

func TestSetOfNothingWritesNothing(t *testing.T) {
	t.Parallel()
	dir := mixed(t)
	d := Disk{before: func(at step, path string) error {
		if at != stepTidy {
			t.Errorf("%s %s", at, path)
		}
		return nil
	}}
	s, err := openSet(t.Context(), d, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if changed, err := s.Put("b", []byte("same")); changed || err != nil {
		t.Fatal(changed, err)
	}
	if err := s.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// Whichever step fails, whichever time: all old or all new, and nothing left
// lying about.
func TestSetIsAllOrNothing(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	seen := 0
	for n := 0; ; n++ {
		dir := mixed(t)
		count := -1
		var failedAt step
		d := Disk{before: func(at step, _ string) error {
			if at == stepTidy {
				return nil
			}
			if count++; count == n {
				failedAt = at
				return boom
			}
			return nil
		}}
		err := change(t.Context(), d, dir)
		if count < n {
			if err != nil || state(t, dir) != "new" {
				t.Fatal(err, state(t, dir))
			}
			break
		}
		seen++
		want := "old"
		if failedAt == stepFinish { // all was in place
			want = "new"
		}
		if got := state(t, dir); !errors.Is(err, boom) || errors.Is(err, ErrInPlace) != (want == "new") || got != want {
			t.Fatalf("failing at %q: %s, %v", failedAt, got, err)
		}
		if failedAt == stepFinish {
			if how, err := Settle(t.Context(), dir); how != Finished || err != nil {
				t.Fatal(how, err)
			}
		}
		if left, _ := filepath.Glob(filepath.Join(dir, ".latch*")); len(left) > 0 {
			t.Fatalf("failing at %q left %v", failedAt, left)
		}
	}
	if seen < 20 {
		t.Fatalf("only %d steps", seen)
	}
}

// When even the undoing fails, that is told, and the next one to come settles
// it.
func TestSetThatCannotBeUndone(t *testing.T) {
	t.Parallel()
	for _, last := range []step{stepTurn, stepBack} {
		dir := mixed(t)
		renames := 0
		d := Disk{before: func(at step, _ string) error {
			if at == stepRename {
				renames++
			}
			if renames == 3 && (at == stepRename || at == last) {
				return fmt.Errorf("boom at %s", at)
			}
			return nil
		}}
		err := change(t.Context(), d, dir)
		if !errors.Is(err, errUnsettled) {
			t.Fatal(err)
		}
		want, how := "new", Finished
		if last == stepBack {
			want, how = "old", Undone
		}
		if errors.Is(err, ErrInPlace) != (how == Finished) {
			t.Errorf("%s: %v", last, err)
		}
		if got, err := Settle(t.Context(), dir); got != how || err != nil || state(t, dir) != want {
			t.Fatalf("%s: %s %v %s", last, got, err, state(t, dir))
		}
		if got, err := Settle(t.Context(), dir); got != NothingToSettle || err != nil {
			t.Fatal(got, err)
		}
	}
}

func TestSetWhereOldFilesCannotBeLinked(t *testing.T) {
	t.Parallel()
	dir := mixed(t)
	boom, renames := errors.New("boom"), 0
	d := Disk{before: func(at step, _ string) error {
		switch at {
		case stepKeep:
			return errors.ErrUnsupported
		case stepRename:
			if renames++; renames == 4 {
				return boom
			}
		}
		return nil
	}}
	if err := change(t.Context(), d, dir); !errors.Is(err, boom) || state(t, dir) != "old" {
		t.Fatal(err, state(t, dir))
	}
}

func TestSetStopsWhenCancelled(t *testing.T) {
	t.Parallel()
	for at, want := range map[step]string{stepStage: "old", stepFill: "old", stepSync: "old", stepKeep: "new", stepRename: "new"} {
		dir := mixed(t)
		ctx, cancel := context.WithCancel(t.Context())
		d := Disk{before: func(s step, _ string) error {
			if s == at {
				cancel()
			}
			return nil
		}}
		err := change(ctx, d, dir)
		cancel()
		if errors.Is(err, context.Canceled) != (want == "old") || state(t, dir) != want {
			t.Fatalf("%s: %s, %v", at, state(t, dir), err)
		}
	}
}

func TestSetRefusesNames(t *testing.T) {
	t.Parallel()
	dir := own(t)
	if err := os.Symlink("x", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	s, err := OpenSet(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Put("f", nil); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", ".", "..", "a/b", "../a", "f", "F", "a\nadd b", setFolder, setFolder + ".lock", stagedPrefix + "x", "link"} {
		if _, err := s.Put(name, nil); err == nil {
			t.Errorf("%q was taken", name)
		}
		if name != "link" {
			continue
		}
		if err := s.Remove(name); err == nil {
			t.Errorf("%q was taken for removal", name)
		}
	}
	if err := s.Remove("nothing"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

// A journal decides what is renamed and removed: only our own is followed.
func TestForeignJournalsAreNotFollowed(t *testing.T) {
	t.Parallel()
	sum := digestOf([]byte("x"))
	for _, text := range []string{
		"", "add a\n", "latch set 1\nremove a\n", "latch set 3\n",
		journalHeader + "add - " + sum + " ../a\n", journalHeader + "erase - " + sum + " a\n", journalHeader + "add - " + sum + " a",
		journalHeader + "remove " + sum + " - " + setFolder + "/x\n", journalHeader + "remove a\n", journalHeader + "remove - - a\n",
		journalHeader + "add " + sum + " " + sum + " a\n", journalHeader + "replace - " + sum + " a\n", journalHeader + "replace " + sum + " x a\n",
	} {
		if ops, err := parseJournal([]byte(text)); err == nil {
			t.Errorf("%q gave %v", text, ops)
		}
	}
	dir := own(t)
	put(t, filepath.Join(dir, "a"), "old", 0o600)
	if err := os.Mkdir(filepath.Join(dir, setFolder), 0o700); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, setFolder, journalName), "latch set 1\nremove a\n", 0o600)
	if how, err := Settle(t.Context(), dir); !fault.Is(err, fault.Refused) || how != NothingToSettle || !strings.Contains(fault.HintOf(err), "rm -r") {
		t.Fatal(how, err)
	}
	has(t, filepath.Join(dir, "a"), "old", 0o600)
}

func FuzzJournal(f *testing.F) {
	sum := digestOf([]byte("x"))
	f.Add([]byte(journalHeader + "add - " + sum + " a\nreplace " + sum + " " + sum + " b\nremove " + sum + " - c\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		ops, err := parseJournal(text)
		if err != nil {
			return
		}
		again := []byte(journalHeader)
		for _, op := range ops {
			if filepath.Base(op.name) != op.name {
				t.Fatalf("%q leaves its folder", op.name)
			}
			again = fmt.Appendf(again, "%s %s %s %s\n", op.verb, cmp.Or(op.before, none), cmp.Or(op.after, none), op.name)
		}
		if string(again) != string(text) {
			t.Fatalf("%q reads as %q", text, again)
		}
	})
}

// Many files are synced at once where the system can do that.
func TestSetOfMany(t *testing.T) {
	t.Parallel()
	dir := own(t)
	steps := map[step]int{}
	d := Disk{before: func(at step, _ string) error {
		steps[at]++
		return nil
	}}
	s, err := openSet(t.Context(), d, dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for i := range 3 * fewFiles {
		if _, err := s.Put(fmt.Sprint("f", i), []byte("x")); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	if system.SyncsAll && (steps[stepSync] != fewFiles || steps[stepSyncAll] != 1) || !system.SyncsAll && steps[stepSync] != 3*fewFiles {
		t.Fatal(steps)
	}
}
