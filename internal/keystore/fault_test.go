package keystore_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"

	"github.com/latch-keys/latch/internal/oracle"
)

// failures are the ways in which a step fails.
func failures() map[string]error {
	return map[string]error{
		"power cut":       errors.New("the power was cut"), // and nothing works from then on
		"disk full":       syscall.ENOSPC,
		"read only":       syscall.EROFS,
		"permission lost": syscall.EACCES,
	}
}

// Every action on every store, failing at every step in every way: nothing that
// was stored is lost, and the next run mends what was begun.
func TestFaultsAtEveryStep(t *testing.T) {
	t.Parallel()
	every := 1
	if testing.Short() {
		every = 6
	}
	var cases atomic.Int64
	t.Run("at", func(t *testing.T) {
		for kind := range sceneOpeners() {
			for doing, act := range actions(kind) {
				for failing, failure := range failures() {
					t.Run(kind+" "+doing+" "+failing, func(t *testing.T) {
						t.Parallel()
						for n := 0; faulted(t, kind, doing, act, failure, n); n += every {
							cases.Add(1)
						}
					})
				}
			}
		}
	})
	oracle.Figure(t, "%d faults were survived", cases.Load())
	if cases.Load() < int64(500/every) {
		t.Errorf("only %d faults", cases.Load())
	}
}

// faulted lets step n fail, and reports false where the action has no such step.
func faulted(t *testing.T, kind, doing string, act action, failure error, n int) bool {
	t.Helper()
	s := newScene(t, kind)
	steps := 0
	var where string
	var number syscall.Errno
	once := errors.As(failure, &number)
	store, err := s.open(s.dir, func(step, path string) error {
		steps++
		if steps-1 == n || steps-1 > n && !once {
			if where == "" {
				where = fmt.Sprintf("at step %d, %s %s", n, step, filepath.Base(path))
			}
			return failure
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = act(t.Context(), store, s.dir)
	if where == "" {
		if err != nil {
			t.Fatalf("undisturbed: %v", err)
		}
		s.finished(t, doing, "undisturbed")
		if n < 2 {
			t.Fatalf("%s has only %d steps", doing, n)
		}
		return false
	}
	if err != nil && strings.Contains(err.Error(), s.text("new")[:12]) {
		t.Fatal("the error repeats the seed")
	}
	s.survived(t, doing, where)
	s.mended(t, doing, act, where)
	return true
}

func (s scene) text(name string) string { return string(s.seeds[name].Reveal()) }

// survived makes sure that no seed is lost, and none is anything else than it
// was, whatever the action has come to.
func (s scene) survived(t *testing.T, doing, where string) {
	t.Helper()
	must := []string{"a", "b"}
	if doing == "rename" {
		must = []string{"b"}
		_, oldErr := s.get(t, "a", "a", where)
		_, newErr := s.get(t, "z", "a", where)
		if (oldErr == nil) == (newErr == nil) {
			t.Fatalf("%s: the old name gives %v, the new one %v", where, oldErr, newErr)
		}
	}
	if doing == "delete" {
		must = []string{"b"}
		if _, err := s.get(t, "a", "a", where); err != nil && !fault.Is(err, fault.NotFound) {
			t.Fatalf("%s: %v", where, err)
		}
	}
	for _, name := range must {
		if _, err := s.get(t, name, name, where); err != nil {
			t.Fatalf("%s: %s is lost: %v", where, name, err)
		}
	}
	for _, name := range []string{"new", "c"} {
		if _, err := s.get(t, name, name, where); err != nil && !fault.Is(err, fault.NotFound) {
			t.Fatalf("%s: %s: %v", where, name, err)
		}
	}
}

// get fails the test where a name gives another seed than wanted.
func (s scene) get(t *testing.T, name, wanted, where string) (bool, error) {
	t.Helper()
	got, err := s.store(t).Get(t.Context(), name)
	if err != nil {
		return false, err
	}
	defer got.Wipe()
	if string(got.Reveal()) != s.text(wanted) {
		t.Fatalf("%s: %s gives another seed", where, name)
	}
	return true, nil
}

// mended makes sure that the next run leaves everything in order, and that the
// action can be done again, or has been done.
func (s scene) mended(t *testing.T, doing string, act action, where string) {
	t.Helper()
	if err := s.store(t).Put(t.Context(), "next", s.seeds["next"]); err != nil {
		t.Fatalf("%s: the next run: %v", where, err)
	}
	s.survived(t, doing, where)
	s.tidy(t, doing, where)
	if err := act(t.Context(), s.store(t), s.dir); err != nil && !fault.Is(err, fault.NotFound) {
		t.Fatalf("%s: once more: %v", where, err)
	}
	s.finished(t, doing, where)
}

// finished makes sure that the action has been done, and left nothing.
func (s scene) finished(t *testing.T, doing, where string) {
	t.Helper()
	want := map[string][]string{
		"put": {"a", "b", "new"}, "rename": {"b", "z"}, "delete": {"b"}, "restore": {"a", "b", "c", "new"},
		"share": {"a", "b"}, "unshare": {"a", "b"}, "repair": {"a", "b"},
	}[doing]
	if where != "undisturbed" {
		want = append(want, "next")
		slices.Sort(want)
	}
	entries, err := s.store(t).List(t.Context())
	if err != nil {
		t.Fatalf("%s: %v", where, err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name)
	}
	if !slices.Equal(names, want) {
		t.Fatalf("%s: it holds %q, want %q", where, names, want)
	}
	checked, findings, err := keystore.Check(t.Context(), s.store(t))
	if err != nil || len(findings) > 0 {
		t.Fatalf("%s: %v, %v", where, findings, err)
	}
	for _, c := range checked {
		if c.Err != nil {
			t.Fatalf("%s: %v", where, c.Err)
		}
	}
	s.tidy(t, doing, where)
}

// tidy makes sure that nothing is left of what was begun.
func (s scene) tidy(t *testing.T, doing, where string) {
	t.Helper()
	files, err := os.ReadDir(filepath.Join(s.dir, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if file.Name() == ".latch-store" {
			continue // it says what kind of store this is
		}
		if strings.HasPrefix(file.Name(), ".") || strings.HasSuffix(file.Name(), ".lock") {
			t.Fatalf("%s: %s was left", where, file.Name())
		}
		if name, is := strings.CutSuffix(file.Name(), ".pub"); is {
			if _, err := os.Stat(filepath.Join(s.dir, "keys", name+".age")); err != nil {
				t.Fatalf("%s: %s: %s was left", doing, where, file.Name())
			}
		}
	}
}

// A disk that keeps something else than it was given is found out at once.
func TestDiskThatLies(t *testing.T) {
	t.Parallel()
	for kind, name := range map[string]string{"dir": "new.nk", "age": "new.age"} {
		for lie, text := range map[string]string{"half": "S", "nothing": "", "another's": ""} {
			s := newScene(t, kind)
			path := filepath.Join(s.dir, "keys", name)
			if lie == "another's" {
				data, err := os.ReadFile(strings.Replace(path, "new.", "a.", 1))
				if err != nil {
					t.Fatal(err)
				}
				text = string(data)
			}
			store, err := s.open(s.dir, func(step, _ string) error {
				if _, err := os.Stat(path); err == nil && step == "sync the folder" {
					keystoretest.Write(t, path, text)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			if err := store.Put(t.Context(), "new", s.seeds["new"]); !keystoretest.Corrupt(err) {
				t.Errorf("%s, %s: error is %v", kind, lie, err)
			}
		}
	}
}
