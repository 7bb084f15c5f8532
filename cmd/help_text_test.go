package cmd

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/printable"
	"github.com/latch-keys/latch/internal/process"
)

// helpOn gives the help of every command and topic on a terminal of so many columns.
func helpOn(columns int) map[string]string {
	var out bytes.Buffer
	root := newRoot(app.New(process.System{
		Stdout: &out, Terminal: process.Terminal{Stdout: true}, Columns: func() int { return columns },
	}))
	all := map[string]string{}
	eachCommand(root, func(c *cobra.Command) {
		out.Reset()
		c.InitDefaultHelpFlag()
		_ = c.Help()
		all[c.CommandPath()] = out.String()
	})
	return all
}

// On a narrow terminal no line of a help is wider than it, but for what is to be copied,
// and no word is lost.
func TestHelpFitsTheTerminal(t *testing.T) {
	t.Parallel()
	const wide = 10_000
	whole := helpOn(wide)
	if len(whole) < 80 {
		t.Fatalf("only %d commands", len(whole))
	}
	for _, columns := range []int{80, 60} {
		for name, text := range helpOn(columns) {
			if !slices.Equal(strings.Fields(text), strings.Fields(whole[name])) {
				t.Errorf("%s, %d columns: other words:\n%s", name, columns, text)
			}
			examples := false
			for line := range strings.Lines(text) {
				line = strings.TrimSuffix(line, "\n")
				if line == "" || line == "Examples:" || line == "Usage:" {
					examples = line != ""
				}
				if words := strings.Fields(line); !examples && len(words) > 2 && printable.Width(line) > columns {
					t.Errorf("%s, %d columns: %q", name, columns, line)
				}
			}
		}
	}
}

// What is left of a line goes on where its paragraph does.
func TestRefilled(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"one two three\nfour\n\nfive":        "one two\nthree four\n\nfive",
		"one two three four five six":        "one two\nthree four\nfive six",
		" a  one two six\n b  four":          " a  one\n    two\n    six\n b  four",
		"one two three\n  set in\nfour five": "one two\nthree\n  set in\nfour five",
		"fits":                               "fits",
	} {
		if got := refilled(text, 10); got != want {
			t.Errorf("%q:\n%s\nwant\n%s", text, got, want)
		}
	}
}
