package printable

import "strings"

// Wrap breaks each line at blanks so that none is wider than width, which is 0 for
// any; what goes on is set in by hang columns. A command that somebody is to copy
// stays whole: begins tells whether these words begin one.
func Wrap(text string, width, hang int, begins func(words []string) bool) string {
	if width <= 0 {
		return text
	}
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if Width(line) > width {
			lines[i] = wrap(line, width, hang, begins)
		}
	}
	return strings.Join(lines, "\n")
}

func wrap(line string, width, hang int, begins func([]string) bool) string {
	rest := strings.TrimLeft(line, " ")
	begin := line[:len(line)-len(rest)]
	next := "\n" + strings.Repeat(" ", min(hang, width/2))
	var b strings.Builder
	b.WriteString(begin)
	column := len(begin)
	for i, word := range together(strings.Split(rest, " "), begins) {
		takes := Width(word)
		switch {
		case i == 0:
		case column+1+takes > width:
			b.WriteString(next)
			column = len(next) - 1
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += takes
	}
	return b.String()
}

// together makes one word of each command, which ends with the line or a semicolon.
func together(words []string, begins func([]string) bool) []string {
	var joined []string
	inside := false
	for i, word := range words {
		switch {
		case inside:
			joined[len(joined)-1] += " " + word
		default:
			inside = begins(words[i:])
			joined = append(joined, word)
		}
		if strings.HasSuffix(word, ";") {
			inside = false
		}
	}
	return joined
}
