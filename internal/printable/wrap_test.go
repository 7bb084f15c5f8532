package printable_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/printable"
)

func TestWrap(t *testing.T) {
	t.Parallel()
	begins := func(words []string) bool { return slices.Equal(words[:min(2, len(words))], []string{"latch", "env"}) }
	for _, c := range []struct {
		text  string
		width int
		want  string
	}{
		{"one two three", 80, "one two three"},
		{"one two three", 0, "one two three"},
		{"one two three", 9, "one two\n  three"},
		{"one two three", 7, "one two\n  three"},
		{"    one two three", 12, "    one two\n  three"},
		{"first line\nsecond line", 7, "first\n  line\nsecond\n  line"},
		{"a key ABCDEFGHIJKL", 8, "a key\n  ABCDEFGHIJKL"},
		{"漢字 漢字 漢字", 9, "漢字 漢字\n  漢字"},
		{"\x1b[31;1merror:\x1b[0m no", 9, "\x1b[31;1merror:\x1b[0m no"},
		{"type this: latch env write --dry-run; or not", 16, "type this:\n  latch env write --dry-run;\n  or not"},
		{"latch tells much about it", 16, "latch tells much\n  about it"},
		{"type latch env write", 80, "type latch env write"},
	} {
		if got := printable.Wrap(c.text, c.width, 2, begins); got != c.want {
			t.Errorf("%q in %d columns:\n%s\nwant\n%s", c.text, c.width, got, c.want)
		}
	}
	long := strings.Repeat("word ", 1000)
	for line := range strings.Lines(printable.Wrap(long, 20, 4, begins)) {
		if printable.Width(strings.TrimSuffix(line, "\n")) > 20 {
			t.Fatalf("%q", line)
		}
	}
}
