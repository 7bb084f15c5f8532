package env

import "unicode/utf8"

// textHint is the remedy where a dialect carries any text.
const textHint = "an environment holds UTF-8 text without the character NUL"

// firstUnfit is the offset of the first NUL or byte that is not UTF-8, or of the
// first character for which refuse is true; -1 where there is none.
func firstUnfit(value []byte, refuse func(rune) bool) int {
	for at := 0; at < len(value); {
		r, size := utf8.DecodeRune(value[at:])
		if r == 0 || r == utf8.RuneError && size == 1 || refuse(r) {
			return at
		}
		at += size
	}
	return -1
}

func anyText(rune) bool { return false }

func noLineEnd(r rune) bool { return r == '\n' || r == '\r' }

func noCarriageReturn(r rune) bool { return r == '\r' }
