package architecture

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// CONTRIBUTING.md says what a new variable, target, dialect, store and verb cost:
// each has a patch that still applies, and the size that the page says. That the
// patches also work is tried by scripts/additions.sh.
func TestAdditions(t *testing.T) {
	t.Parallel()
	patches, err := filepath.Glob("testdata/additions/*.patch")
	if err != nil || len(patches) < 5 {
		t.Fatalf("only %d patches (%v)", len(patches), err)
	}
	page := read(t, "CONTRIBUTING.md")
	for _, path := range patches {
		text := read(t, filepath.Join("internal/architecture", path))
		lines := len(regexp.MustCompile(`(?m)^\+([^+\n].*)?$`).FindAllString(text, -1))
		name := strings.TrimSuffix(filepath.Base(path), ".patch")
		row := fmt.Sprintf("[%d lines in %d files](internal/architecture/testdata/additions/%s.patch)", lines, strings.Count(text, "\n+++ "), name)
		if !strings.Contains(page, row) {
			t.Errorf("CONTRIBUTING.md does not say %q", row)
		}
		absolute, err := filepath.Abs(path)
		if err != nil {
			t.Fatal(err)
		}
		apply := exec.Command("git", "apply", "--check", absolute)
		apply.Dir = top
		if out, err := apply.CombinedOutput(); err != nil {
			t.Errorf("%s does not apply any more: %s", name, out)
		}
	}
}
