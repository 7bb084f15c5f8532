package cmd

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/inuse"
	"github.com/latch-keys/latch/internal/process"
)

// TestHintsHaveTheFlagsInUse: whichever command is told to be typed, it is about the
// manifest in use, wherever it stands; but for those that heed none.
func TestHintsHaveTheFlagsInUse(t *testing.T) {
	t.Parallel()
	flags := []inuse.Flag{{Names: []string{"-m", "--manifest"}, Value: "a.yaml"}}
	root := newRoot(app.New(process.System{}))
	heed, heedless := 0, map[string]bool{}
	eachCommand(root, func(c *cobra.Command) {
		path := c.CommandPath()
		if c.HasSubCommands() || !c.Runnable() {
			return
		}
		if inuse.Complete(path, root, flags) == path {
			heedless[strings.TrimPrefix(path, "latch ")] = true
			return
		}
		heed++
		with := path + " -m a.yaml"
		for text, want := range map[string]string{
			path:                                 with,
			"look: " + path + "; or not":         "look: " + with + "; or not",
			"first, " + path + " says":           "first, " + with + " says",
			"now\n  " + path + " WORD":           "now\n  " + with + " WORD",
			path + ".":                           with + ".",
			path + " WORD -m b.yaml":             path + " WORD -m b.yaml",
			path + " --manifest=b.yaml, perhaps": path + " --manifest=b.yaml, perhaps",
			path + "; " + path + " -m b.yaml":    with + "; " + path + " -m b.yaml",
			path + " --help":                     path + " --help",
		} {
			if got := inuse.Complete(text, root, flags); got != want {
				t.Errorf("%q: %q, want %q", text, got, want)
			}
		}
	})
	if heed < 40 {
		t.Errorf("only %d commands heed a manifest", heed)
	}
	for _, path := range []string{"keys gen", "keys validate", "env vars", "env check", "lattice schema", "keystore init", "version", "help"} {
		if !heedless[path] {
			t.Errorf("latch %s is given a manifest", path)
		}
	}
	if got := inuse.Complete("latch keys gen user --name N", root, flags); got != "latch keys gen -m a.yaml user --name N" {
		t.Error(got)
	}
	for _, prose := range []string{"latch does not look there", "latch keys", "the latch keys list", "unknown"} {
		if got := inuse.Complete(prose, root, flags); got != prose && prose != "the latch keys list" {
			t.Errorf("%q became %q", prose, got)
		}
	}
}
