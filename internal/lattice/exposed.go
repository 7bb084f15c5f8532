package lattice

import (
	"strconv"
	"unicode/utf8"
)

// span is a part of a text, in bytes.
type span struct{ from, to int }

func isAlphanumeric(b byte) bool {
	return 'A' <= b && b <= 'Z' || 'a' <= b && b <= 'z' || '0' <= b && b <= '9'
}

// shown is text in quotes for a message, or what can be said of it where it
// holds a word so long that it may be part of a secret.
func shown(text string) string {
	const longest, suspicious = 80, 32
	run := 0
	for i := range len(text) {
		run++
		if !isAlphanumeric(text[i]) {
			run = 0
		}
		if run >= suspicious {
			return "(" + strconv.Itoa(utf8.RuneCountInString(text)) + " characters, not shown)"
		}
	}
	if len(text) > longest {
		return strconv.Quote(text[:longest]) + "…"
	}
	return strconv.Quote(text)
}

// exposed is the error for a seed found in what is no place for one.
func exposed(where string) error {
	return refuse(ErrExposedSeed, exposedHint, "%s is, or nearly is, a seed; a manifest never holds one", where)
}

const exposedHint = "treat the seed as exposed: make a new key, and remove this one here and from the file's history"
