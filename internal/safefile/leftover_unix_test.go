//go:build unix

package safefile

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// What killed runs left is told from what a living process is at work on.
func TestLeftovers(t *testing.T) {
	t.Parallel()
	dir := mixed(t)
	left := filepath.Join(dir, stagedPrefix+"24d56b6238fd6cfa")
	put(t, left, "a seed", 0o600)
	must(t, os.Mkdir(filepath.Join(dir, stagedPrefix+"folder"), 0o700))
	seen := 0
	must(t, change(t.Context(), Disk{before: func(step, string) error {
		if found, err := Leftovers(dir); len(found) > 1 || err != nil {
			t.Errorf("at work: %q, %v", found, err)
		}
		seen++
		return nil
	}}, dir))
	if seen == 0 {
		t.Fatal("nothing was done")
	}
	put(t, left, "a seed", 0o600) // the change has swept it away
	must(t, os.Mkdir(filepath.Join(dir, setFolder), 0o700))
	found, err := Leftovers(dir)
	if want := []string{filepath.Join(dir, setFolder), left}; err != nil || !slices.Equal(found, want) {
		t.Fatalf("%q, %v, want %q", found, err, want)
	}
	held, err := Disk{}.Hold(t.Context(), dir, nil)
	must(t, err)
	held.Release()
	if found, err := Leftovers(dir); len(found) > 0 || err != nil {
		t.Fatalf("%q, %v", found, err)
	}
}
