package cmd

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/process"
)

var update = flag.Bool("update", false, "write docs/cli instead of comparing with it")

func docsDir() string { return Source("../docs/cli") }

// docs/cli is what the command tree says of itself, to the byte.
func TestDocs(t *testing.T) {
	t.Parallel()
	fresh := t.TempDir()
	root := newRoot(app.New(process.System{}))
	root.DisableAutoGenTag = true
	if err := doc.GenMarkdownTree(root, fresh); err != nil {
		t.Fatal(err)
	}
	want := pages(t, fresh)
	if len(want) < 20 {
		t.Fatalf("only %d pages were generated", len(want))
	}
	if *update {
		writePages(t, want)
		return
	}
	got := pages(t, docsDir())
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if got[name] != want[name] {
			t.Errorf("docs/cli/%s is not current: run make docs", name)
		}
		delete(got, name)
	}
	for name := range got {
		t.Errorf("docs/cli/%s belongs to no command: run make docs", name)
	}
}

func pages(t *testing.T, dir string) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		found[filepath.Base(path)] = string(text)
	}
	return found
}

func writePages(t *testing.T, want map[string]string) {
	t.Helper()
	if err := os.RemoveAll(docsDir()); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(docsDir(), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range want {
		if err := os.WriteFile(filepath.Join(docsDir(), name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// Every command says what it is for, and how to call it.
func TestEveryCommandIsDocumented(t *testing.T) {
	t.Parallel()
	seen := 0
	eachCommand(newRoot(app.New(process.System{})), func(c *cobra.Command) {
		seen++
		if c.Short == "" || strings.HasSuffix(c.Short, ".") {
			t.Errorf("%s: Short is %q", c.CommandPath(), c.Short)
		}
		if c.Runnable() && !c.HasSubCommands() && c.Example == "" {
			t.Errorf("%s has no example", c.CommandPath())
		}
		if c.Runnable() && c.Args == nil {
			t.Errorf("%s does not judge its arguments", c.CommandPath())
		}
	})
	if seen < 20 {
		t.Fatalf("only %d commands were seen", seen)
	}
}

func eachCommand(c *cobra.Command, do func(*cobra.Command)) {
	do(c)
	for _, child := range c.Commands() {
		eachCommand(child, do)
	}
}
