package printable

import (
	"strings"

	"github.com/rivo/uniseg"
)

// Width is how many columns a text takes: wide characters take two, combining ones
// and the codes of colours none.
func Width(text string) int {
	return uniseg.StringWidth(uncoloured(text))
}

// Cut shortens a text without colours to so many columns.
func Cut(text string, width int) string {
	if width <= 0 || Width(text) <= width {
		return text
	}
	var b strings.Builder
	for left, state := width-1, -1; text != ""; {
		cluster, rest, columns, next := uniseg.FirstGraphemeClusterInString(text, state)
		if left -= columns; left < 0 {
			break
		}
		b.WriteString(cluster)
		text, state = rest, next
	}
	return b.String() + "…"
}

// uncoloured is a text without the codes of colours.
func uncoloured(text string) string {
	const begin = "\x1b["
	if !strings.Contains(text, begin) {
		return text
	}
	var b strings.Builder
	for {
		before, code, found := strings.Cut(text, begin)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		_, text, _ = strings.Cut(code, "m")
	}
}
