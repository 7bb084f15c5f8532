package lattice

import (
	"strconv"
	"unicode/utf8"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/yamledit"
)

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
	return fault.New(fault.Failed, "%s is, or nearly is, a seed; a manifest never holds one", where).Like(ErrExposedSeed).WithHint(exposedHint)
}

const exposedHint = "treat the seed as exposed: make a new key, and remove this one here and from the file's history"

// exposedSeeds finds the seeds in a text, comments included.
func exposedSeeds(file string, text []byte) Errors {
	var found Errors
	for _, at := range keys.FindSeeds(text) {
		line, column := yamledit.Position(text, at.From)
		found = append(found, &Error{File: file, Line: line, Column: column, Rule: RuleExposed, cause: exposed("this")})
	}
	return found
}
