package scan_test

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/latch-keys/latch/internal/scan"
)

// unread tells whether one thing at least was not read for a reason that says so.
func unread(s *scan.Scanner, says string) bool {
	for _, u := range s.Coverage().Unread {
		if strings.Contains(u.Name+": "+u.Why, says) {
			return true
		}
	}
	return false
}

// loose is where git keeps an object that is not packed.
func (r repository) loose(object string) string {
	return filepath.Join(r.dir, ".git", "objects", object[:2], object[2:])
}

// cut makes an object lose its second half.
func (r repository) cut(object string) {
	r.t.Helper()
	whole, err := os.ReadFile(r.loose(object))
	check(r.t, err)
	check(r.t, os.Remove(r.loose(object)))
	check(r.t, os.WriteFile(r.loose(object), whole[:len(whole)/2], 0o600))
}

// TestLostHistory: a clone that shares the objects of another, which is gone, is never
// called clean.
func TestLostHistory(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.write("a", "a")
	r.commit("add")
	clone := repository{t, t.TempDir()}
	r.git("clone", "-q", "--shared", r.dir, clone.dir)
	whole := scan.New()
	check(t, whole.History(t.Context(), clone, false))
	if c := whole.Coverage(); c.Objects == 0 || c.Missed > 0 {
		t.Fatalf("while its origin is there: %+v", c)
	}
	check(t, os.RemoveAll(r.dir))
	for _, shallow := range []bool{false, true} {
		s := scan.New()
		check(t, s.History(t.Context(), clone, shallow))
		if !unread(s, "git history") {
			t.Errorf("shallow allowed: %v: %+v", shallow, s.Coverage())
		}
	}
}

// TestDamage: what is damaged in a repository is said, and hides no leak elsewhere in it.
func TestDamage(t *testing.T) {
	t.Parallel()
	text, key := newSeed(t)
	const nowhere = "0123456789012345678901234567890123456789"
	for name, c := range map[string]struct {
		damage  func(r repository)
		says    string
		located bool
	}{
		"an object that is no object": {func(r repository) {
			blob := r.git("rev-parse", "HEAD:other")
			check(t, os.Remove(r.loose(blob)))
			check(t, os.WriteFile(r.loose(blob), []byte("nothing"), 0o600))
		}, "object ", true},
		"an object that is cut short": {func(r repository) {
			r.cut(r.git("rev-parse", "HEAD:other"))
			r.cut(r.git("rev-parse", "HEAD:another"))
		}, "object ", true},
		"a branch that leads nowhere": {func(r repository) {
			check(t, os.WriteFile(filepath.Join(r.dir, ".git", "refs", "heads", "broken"), []byte(nowhere+"\n"), 0o600))
		}, "since which commit", false},
		"a folder that is lost": {func(r repository) {
			check(t, os.Remove(r.loose(r.git("rev-parse", "HEAD^{tree}"))))
		}, "git history", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRepository(t)
			r.write("env", text)
			first := r.commit("add")
			r.write("other", strings.Repeat("a b c d ", 1000))
			r.write("another", strings.Repeat("e f g h ", 1000))
			r.commit("other")
			c.damage(r)
			s := scan.New()
			check(t, s.History(t.Context(), r, false))
			if !unread(s, c.says) {
				t.Errorf("%+v", s.Coverage())
			}
			at := one(t, s, key).Places[0]
			if at.Object == "" || c.located != (at.Commit == first) || c.located != (at.File == "env") {
				t.Errorf("%+v", at)
			}
		})
	}
}

// TestStagedAndDamaged: also of the next commit.
func TestStagedAndDamaged(t *testing.T) {
	t.Parallel()
	text, key := newSeed(t)
	r := newRepository(t)
	r.write("a.env", "a")
	r.write("b.env", strings.Repeat("b c ", 1000))
	r.write("c.env", text)
	r.git("add", "-A")
	check(t, os.Remove(r.loose(r.git("rev-parse", ":a.env"))))
	r.cut(r.git("rev-parse", ":b.env"))
	s := scan.New()
	_, err := s.Staged(t.Context(), r)
	check(t, err)
	if at := one(t, s, key).Places[0]; at.File != "c.env" || !unread(s, "a.env: git does not have it") || !unread(s, "b.env: ") {
		t.Errorf("%+v, %+v", at, s.Coverage())
	}
}

// TestStagedIsTheWhole: the next commit is that of the repository, whatever folder git
// is run in and however it is set; a file that stands there twice is told twice.
func TestStagedIsTheWhole(t *testing.T) {
	t.Parallel()
	text, key := newSeed(t)
	r := newRepository(t)
	r.git("config", "diff.relative", "true")
	r.write("top.env", text)
	r.write("copy.env", text)
	r.write("sub/a", "a")
	r.git("add", "-A")
	s := scan.New()
	files, err := s.Staged(t.Context(), repository{t, filepath.Join(r.dir, "sub")})
	check(t, err)
	if places := one(t, s, key).Places; files != 3 || len(places) != 2 || places[0].File != "copy.env" || places[1].File != "top.env" {
		t.Errorf("%d files, %+v", files, places)
	}
	r.commit("leak")
	s = scan.New()
	check(t, s.History(t.Context(), repository{t, filepath.Join(r.dir, "sub")}, false))
	if at := one(t, s, key).Places[0]; at.Commit == "" {
		t.Errorf("git log is of a folder alone: %+v", at)
	}
}

// TestSparse: a file that git tracks and a sparse checkout leaves out is read as it
// stands in the index.
func TestSparse(t *testing.T) {
	t.Parallel()
	text, key := newSeed(t)
	r := newRepository(t)
	r.write("in/a", "a")
	r.write("out/env", text)
	r.commit("add")
	r.git("sparse-checkout", "set", "in")
	if _, err := os.Stat(filepath.Join(r.dir, "out")); err == nil {
		t.Fatal("git left nothing out")
	}
	s := scan.New()
	check(t, s.Files(t.Context(), func(yield func(string) bool) { check(t, s.Tracked(t.Context(), r, r.dir, yield)) }))
	if c := s.Coverage(); c.Files != 2 || c.Missed > 0 {
		t.Errorf("%+v", c)
	}
	check(t, s.History(t.Context(), r, false))
	want := []string{filepath.Join(r.dir, "out", "env"), "out/env"}
	if places := one(t, s, key).Places; len(places) != 2 || places[0].File != want[0] || places[1].File != want[1] || places[1].Commit == "" {
		t.Errorf("%+v, want the files %s", places, want)
	}
}

// refused is a repository with a folder that git may not open.
type refused struct{ repository }

func (r refused) OutputAndWarnings(ctx context.Context, args ...string) ([]byte, []string, error) {
	out, err := r.Output(ctx, args...)
	return out, []string{"unable to access '.gitignore': Too many levels", "could not open directory 'u/': Permission denied"}, err
}

// TestTrackedUnreadable: in a work tree, what cannot be read is said; what was deleted
// is not.
func TestTrackedUnreadable(t *testing.T) {
	t.Parallel()
	r := newRepository(t)
	r.write("a/b", "x")
	r.write("gone", "x")
	r.git("add", "-A")
	check(t, os.Remove(filepath.Join(r.dir, "gone")))
	check(t, os.RemoveAll(filepath.Join(r.dir, "a")))
	if err := os.Symlink("a", filepath.Join(r.dir, "a")); err != nil { // leads to itself
		t.Skip("symbolic links cannot be made:", err)
	}
	s := scan.New()
	check(t, s.Files(t.Context(), func(yield func(string) bool) { check(t, s.Tracked(t.Context(), refused{r}, r.dir, yield)) }))
	if c := s.Coverage(); c.Missed != 2 || !unread(s, filepath.Join("a", "b")+": ") || !unread(s, "could not open directory 'u/'") {
		t.Errorf("%+v", c)
	}
}

// Of a stream that brings nothing it is told; one that fails is told of once.
func TestNothingCame(t *testing.T) {
	t.Parallel()
	for why, r := range map[string]io.Reader{
		"":             strings.NewReader("x"),
		"nothing came": strings.NewReader(""),
		"torn":         iotest.ErrReader(errors.New("torn")),
	} {
		s := scan.New()
		check(t, s.Reader(t.Context(), "log", r))
		c := s.Coverage()
		if why == "" && c.Missed != 0 || why != "" && (c.Missed != 1 || c.Unread[0] != scan.Unread{Name: "log", Why: why}) {
			t.Errorf("%q: %+v", why, c)
		}
	}
}
