package printable

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Line gives text as part of one line: whatever could end the line, move the
// cursor or reorder what is read is shown as Go escapes it.
func Line(text string) string {
	if strings.IndexFunc(text, unfit) < 0 && utf8.ValidString(text) {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		switch {
		case r == utf8.RuneError && text[i] != 0xEF: // a byte that is no UTF-8
			fmt.Fprintf(&b, `\x%02x`, text[i])
		case unfit(r):
			b.WriteString(escape(r))
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Lines gives text whose line ends are meant, each line fit to be shown; all but
// the first are set in, so that none passes for one of latch's own.
func Lines(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = Line(lines[i])
		if i > 0 && !strings.HasPrefix(lines[i], "  ") {
			lines[i] = "  " + lines[i]
		}
	}
	return strings.Join(lines, "\n")
}

// unfit reports characters that do something else than being seen: controls, the
// marks that change the direction of text, and line separators.
func unfit(r rune) bool {
	switch {
	case unicode.IsControl(r):
		return true
	case r == 0x061C, r >= 0x200B && r <= 0x200F, r >= 0x2028 && r <= 0x202E, r >= 0x2060 && r <= 0x206F, r == 0xFEFF:
		return true
	}
	return false
}

func escape(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r < 0x100:
		return fmt.Sprintf(`\x%02x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}
