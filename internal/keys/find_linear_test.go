package keys

import (
	"strings"
	"testing"
)

// TestFindSeedsIsLinear: eight times the text, whatever it is made of, is looked
// at no more than nine times as often, and never more than so often a byte.
func TestFindSeedsIsLinear(t *testing.T) {
	t.Parallel()
	const most = 200
	for _, unit := range []string{
		"SC", "SCAA", "SCAB2", "S C A B ", "SCAB\n", "CA", "U0NB", "NBQe", "TQ0Fi", "s", "SCAB" + strings.Repeat(" ", 60), "A",
		strings.Repeat("SCAP", 14) + ".", "SCAB" + strings.Repeat("A3", 18) + " ", "age1", "S" + strings.Repeat("\n", 64),
		"CDMTUBVGADIQZFWBUZL7LEF7YHZF6CPSKO3HLOTLBQFY2FHDLZFAMYMD", "U" + strings.Repeat(" ", 64), "U0NBQUFB", "SCAA2 ",
	} {
		small, large := work(unit, 20_000), work(unit, 160_000)
		if large > 9*small || large > most*160_000 {
			t.Errorf("%.8q…: %d looks at 20 kB, %d at 160 kB", unit, small, large)
		}
	}
}

func work(unit string, size int) int {
	f := finder{text: []byte(strings.Repeat(unit, size/len(unit)))}
	for span, ok := f.next(0); ok; span, ok = f.next(span.To) {
	}
	return f.looked
}
