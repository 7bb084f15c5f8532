package report

import (
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/printable"
)

// Where hosts have no room beside each other there are several tables, no line is
// wider than the terminal, and no answer is lost.
func TestTheTableFits(t *testing.T) {
	t.Parallel()
	count := func(width int) int {
		var text strings.Builder
		drawTable(&text, awkward(t), plain{}, width)
		for _, line := range strings.Split(text.String(), "\n") {
			if width > 0 && printable.Width(line) > width {
				t.Errorf("at %d columns: %q", width, line)
			}
		}
		return strings.Count(text.String(), "✓") + strings.Count(text.String(), "✗") + strings.Count(text.String(), "·")
	}
	all := count(0)
	if all < 4 {
		t.Fatalf("only %d answers are drawn", all)
	}
	for _, width := range []int{80, 40, 20} {
		if got := count(width); got != all {
			t.Errorf("at %d columns: %d answers, want %d", width, got, all)
		}
	}
}
