package keys

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// farOff is by how many characters a text may miss a key's length and still be
// taken for a damaged key; further off, the length is what is wrong.
const farOff = 8

// explain names why text, which does not decode, is no key of the role. The
// caller wipes text.
func explain(text []byte, role Role, want Want) *Problem {
	checks := []func([]byte, Role) *Problem{
		explainEmpty, explainLineEnd, explainQuotes, explainSpace, explainFarOff,
		explainCase, explainAlphabet, explainLength, explainPrefix, explainSpelling,
	}
	p := problem(CodeChecksum, role, 0, "the checksum of the %s does not match", role)
	for _, check := range checks {
		if found := check(text, role); found != nil {
			p = found
			break
		}
	}
	return exposed(p, role, want)
}

// exposed adds a warning where what seems to be a seed stands in the place of a
// public key.
func exposed(p *Problem, role Role, want Want) *Problem {
	if want.Role == RolePublic && role == RoleSeed {
		return problem(CodeNotPublic, RoleSeed, 0, "this looks like a damaged seed where a public key belongs").
			withHint("treat the seed as exposed if this place is not secret")
	}
	return p
}

// guessRole reads the role off the first letters, then off what is wanted.
// Whatever may be a seed is one: its characters are never repeated.
func guessRole(text []byte, want Want) Role {
	core := bytes.ToUpper(bytes.TrimFunc(text, isWrapping))
	defer clear(core)
	switch {
	case len(core) > 1 && core[0] == 'S' && len(core) >= SeedLength-farOff:
		return RoleSeed
	case len(core) > 0 && core[0] == 'S' && want.Role != RolePublic:
		return RoleSeed
	case len(core) >= PublicKeyLength-farOff && len(core) <= PublicKeyLength+farOff && kindOfLetter(core[0]) != AnyKind:
		return RolePublic
	default:
		return want.Role
	}
}

func isWrapping(r rune) bool {
	return unicode.IsSpace(r) || r == '"' || r == '\'' || r == '`' || r == '\ufeff'
}

func explainEmpty(text []byte, role Role) *Problem {
	if len(text) > 0 {
		return nil
	}
	return problem(CodeEmpty, role, 0, "the %s is empty", role).
		withHint("with an empty seed an OTP host signs with a key it makes up, which no other accepts; a Rust host exits")
}

func explainLineEnd(text []byte, role Role) *Problem {
	at := bytes.IndexAny(text, "\r\n")
	if at < 0 {
		return nil
	}
	if len(bytes.TrimRight(text[at:], "\r\n")) == 0 {
		return problem(CodeLineEnd, role, position(text, at), "a line end follows the %s", role).
			withHint("hosts count it as part of the key: strip it, for example with tr -d '\\r\\n'")
	}
	return problem(CodeLineEnd, role, position(text, at), "a line break stands inside the %s, at character %d", role, position(text, at)).
		withHint("join the lines: a key is one unbroken word")
}

func explainQuotes(text []byte, role Role) *Problem {
	first, _ := utf8.DecodeRune(text)
	last, _ := utf8.DecodeLastRune(text)
	at := 0
	switch {
	case isQuote(first):
	case isQuote(last):
		at = len(text) - utf8.RuneLen(last)
	default:
		return nil
	}
	return problem(CodeQuoted, role, position(text, at), "quotes stand around the %s", role).
		withHint("remove them: docker and the OTP host's .env reader keep quotes as part of the value")
}

func isQuote(r rune) bool {
	switch r {
	case '"', '\'', '`', '“', '”', '‘', '’', '«', '»':
		return true
	}
	return false
}

func explainSpace(text []byte, role Role) *Problem {
	at := bytes.IndexFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '\ufeff' || r == '\u200b' })
	if at < 0 {
		return nil
	}
	where := "inside"
	switch {
	case at == 0:
		where = "before"
	case len(bytes.TrimSpace(text[at:])) == 0:
		where = "after"
	}
	return problem(CodeWhitespace, role, position(text, at), "white space stands %s the %s, at character %d", where, role, position(text, at)).
		withHint("remove it: hosts do not trim, and the key would never match")
}

func explainFarOff(text []byte, role Role) *Problem {
	length := utf8.RuneCount(text)
	if want := role.length(); length < want-farOff || length > want+farOff {
		return explainLength(text, role)
	}
	return nil
}

func explainCase(text []byte, role Role) *Problem {
	at := bytes.IndexFunc(text, func(r rune) bool { return 'a' <= r && r <= 'z' })
	if at < 0 || firstAlien(text) >= 0 {
		return nil
	}
	return problem(CodeLowerCase, role, position(text, at), "character %d is in lower case", position(text, at)).
		withHint("keys are upper case throughout")
}

// firstAlien is the index of the first byte outside the alphabet in either case.
func firstAlien(text []byte) int {
	return bytes.IndexFunc(text, func(r rune) bool {
		upper := unicode.ToUpper(r)
		return r >= utf8.RuneSelf || values[byte(upper)] == invalid
	})
}

func explainAlphabet(text []byte, role Role) *Problem {
	at := firstAlien(text)
	if at < 0 {
		return nil
	}
	r, _ := utf8.DecodeRune(text[at:])
	n := position(text, at)
	if role != RolePublic {
		return problem(CodeAlphabet, role, n, "character %d is not in the key alphabet A-Z 2-7", n).
			withHint("0, 1, 8 and 9 never occur: look for O, I, L or B in their place")
	}
	p := problem(CodeAlphabet, role, n, "character %d is %q, which is not in the key alphabet A-Z 2-7", n, r)
	if meant := lookAlike(r); meant != "" {
		return p.withHint("perhaps %s is meant", meant)
	}
	return p
}

func lookAlike(r rune) string {
	switch r {
	case '0':
		return "the letter O"
	case '1':
		return "the letter I or L"
	case '8':
		return "the letter B"
	case '9':
		return "the letter G"
	}
	return ""
}

// position turns a byte offset into a character's place, counted from 1.
func position(text []byte, offset int) int { return utf8.RuneCount(text[:offset]) + 1 }
