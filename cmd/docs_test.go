package cmd

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/process"
)

var update = flag.Bool("update", false, "write the pages instead of comparing with them")

// TestDocs holds what the command tree says of itself against the pages, to the
// byte: docs/cli to read in a browser, docs/man for man.
func TestDocs(t *testing.T) {
	t.Parallel()
	for folder, generate := range map[string]func(root *cobra.Command, dir string) error{
		"cli": doc.GenMarkdownTree,
		"man": manPages,
	} {
		fresh := t.TempDir()
		root := newRoot(app.New(process.System{}))
		root.DisableAutoGenTag = true
		if err := generate(root, fresh); err != nil {
			t.Fatal(err)
		}
		comparePages(t, folder, pages(t, fresh))
	}
}

// manPages bear no date of their own: the day on which they are made says nothing.
func manPages(root *cobra.Command, dir string) error {
	day := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	return doc.GenManTree(root, &doc.GenManHeader{Section: "1", Date: &day, Source: "latch", Manual: "latch manual"}, dir)
}

// comparePages holds the pages of a folder of docs against what they should be, or
// writes them.
func comparePages(t *testing.T, folder string, want map[string]string) {
	t.Helper()
	dir := Source("../docs/" + folder)
	if len(want) < 20 {
		t.Fatalf("only %d pages were generated", len(want))
	}
	if *update {
		writePages(t, dir, want)
		return
	}
	got := pages(t, dir)
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if got[name] != want[name] {
			t.Errorf("docs/%s/%s is not current: run make docs", folder, name)
		}
		delete(got, name)
	}
	for name := range got {
		t.Errorf("docs/%s/%s belongs to no command: run make docs", folder, name)
	}
}

func pages(t *testing.T, dir string) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.*"))
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

func writePages(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range want {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
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
