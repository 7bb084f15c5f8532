package env

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"github.com/latch-keys/latch/internal/lattice"
)

// What a dialect cannot carry: each of these refuses a value that some reader of
// the dialect would change.

// textHint is the remedy where a dialect carries any text.
const textHint = "an environment holds UTF-8 text without the character NUL"

// refuseNoText refuses only what no environment can hold.
func refuseNoText(d Dialect, a Assignment, value []byte) error {
	if at := firstBad(value, nothing); at >= 0 {
		return badCharacter(d, a, value, at, textHint)
	}
	return nil
}

// refuseForSystemd refuses what is no character to systemd, which drops a variable
// that holds one: U+FDD0 to U+FDEF, and the last two of each plane. Source: systemd
// src/basic/utf8.c, unichar_is_valid.
func refuseForSystemd(d Dialect, a Assignment, value []byte) error {
	noCharacter := func(r rune) bool { return 0xfdd0 <= r && r <= 0xfdef || r&0xfffe == 0xfffe }
	if at := firstBad(value, noCharacter); at >= 0 {
		return badCharacter(d, a, value, at, "systemd drops a variable with such a character; the dialect json carries any text")
	}
	return nil
}

// refuseLineEnds refuses what would end the line, and lines that docker does not
// read.
func refuseLineEnds(d Dialect, a Assignment, value []byte) error {
	lineEnd := func(r rune) bool { return r == '\n' || r == '\r' }
	if at := firstBad(value, lineEnd); at >= 0 {
		return badCharacter(d, a, value, at, "docker reads one line for each variable; the dialect json carries any text")
	}
	return refuseLongLine(d, a, value)
}

// longestLine is the longest line of an env file in bytes, without its end.
const longestLine = lattice.LongestLine

func refuseLongLine(d Dialect, a Assignment, value []byte) error {
	if length := len(a.Name) + len("=") + len(value); length > longestLine {
		return noPlace(d, a, "retire issuers that no host signs with any more",
			"a line of %d bytes is longer than docker reads, %d", length, longestLine)
	}
	return nil
}

const powershellHint = "Windows PowerShell reads files in the machine's own code page, so that only ASCII is safe; the dialect json carries any text"

// refuseBeyondASCII refuses what PowerShell would read in another way: characters
// beyond ASCII, among which are more quotes, control characters but for tabs and
// line feeds, and the empty value, which removes a variable.
func refuseBeyondASCII(d Dialect, a Assignment, value []byte) error {
	if len(value) == 0 {
		return noPlace(d, a, "leave the variable out", "an empty value would remove it")
	}
	unsafe := func(r rune) bool { return r > '~' || r < ' ' && r != '\t' && r != '\n' }
	if at := firstBad(value, unsafe); at >= 0 {
		return badCharacter(d, a, value, at, powershellHint)
	}
	return nil
}

const commonHint = "it carries letters, digits and . _ : / @ % + = , - ! * ? [ ] ^ { } and must not be empty; the dialect json carries any text"

// A value may not start with =, nor a part of it after a colon: zsh would put the
// path of a program there.
const zshHint = "zsh reads = at the start, or after a colon, as the path of a program; the dialect json carries any text"

// refuseUncommon refuses what lies outside the set of values that shells, docker,
// compose, systemd, kubectl, the dotenv libraries and the OTP host's own .env
// reader all take as they stand. Quotes would not do: docker, kubectl and the OTP
// host keep them as part of the value.
func refuseUncommon(d Dialect, a Assignment, value []byte) error {
	if len(value) == 0 {
		return noPlace(d, a, commonHint, "its value is empty")
	}
	if at := bytes.IndexFunc(value, func(r rune) bool { return !isCommon(r) }); at >= 0 {
		return badCharacter(d, a, value, at, commonHint)
	}
	if value[0] == '=' {
		return badCharacter(d, a, value, 0, zshHint)
	}
	if at := bytes.Index(value, []byte(":=")); at >= 0 {
		return badCharacter(d, a, value, at+1, zshHint)
	}
	return refuseLongLine(d, a, value)
}

// isCommon reports whether a character means itself, unquoted, to every reader:
// nineteen of them were asked, by TestCommonSetIsWhatReadersAgreeOn.
func isCommon(r rune) bool {
	return 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || strings.ContainsRune("._:/@%+=,-!*?[]^{}", r)
}

// firstBad is the offset of the first NUL or byte that is not UTF-8, or of the
// first character for which bad is true; -1 where there is none.
func firstBad(value []byte, bad func(rune) bool) int {
	for at := 0; at < len(value); {
		r, size := utf8.DecodeRune(value[at:])
		if r == 0 || r == utf8.RuneError && size == 1 || bad(r) {
			return at
		}
		at += size
	}
	return -1
}

func nothing(rune) bool { return false }
