package keys

import (
	"bytes"
	"strconv"
)

// unicodeS is an S as an escape of JSON spells it.
const unicodeS = `\u0053`

// escapedS is the first place at from or behind it where an escaped S stands, the
// length of the text where none does.
func escapedS(text []byte, from int) int {
	at := bytes.Index(text[from:], []byte(unicodeS))
	if at < 0 {
		return len(text)
	}
	return from + at
}

// escapedAt is the seed at i of which letters are escaped as JSON may: whoever reads
// the text as JSON has it whole.
func (f *finder) escapedAt(i int) (Seed, Span, bool) {
	f.held = 0
	escaped := false
	j := i
	for j < len(f.text) && f.held < SeedLength {
		letter, length := f.text[j], 1
		if letter == '\\' {
			if letter, length = unescaped(f.text[j:]); length == 0 {
				break
			}
			escaped = true
		}
		if !isAlphanumeric(letter) {
			break
		}
		f.chars[f.held] = letter
		f.held++
		j += length
	}
	if f.held < SeedLength || !escaped {
		return Seed{}, Span{}, false
	}
	seed, ok := f.seed()
	return seed, Span{From: i, To: j, Sound: ok && exact(&f.chars)}, ok
}

// unescaped is the character of one byte that an escape at the beginning of a text
// stands for, and how long the escape is; 0 where there is none.
func unescaped(text []byte) (letter byte, length int) {
	const whole = len(unicodeS)
	if len(text) < whole || text[1] != 'u' {
		return 0, 0
	}
	value, err := strconv.ParseUint(string(text[2:whole]), 16, 8)
	if err != nil {
		return 0, 0
	}
	return byte(value), whole
}
