package serdejson

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// mostNesting is how deep serde_json 1.0 follows nested values.
const mostNesting = 127

// Record reads one JSON object as serde_json reads a struct: each known member
// once, of exactly its type, others ignored; an array stands for the members in
// order. Errors are in serde_json's words, so that they can be found in a host's log.
type Record struct{ cursor }

// Member is one field of a struct: its name, whether it may be missing, and how
// it is read.
type Member struct {
	name     string
	optional bool
	read     func(*Record) error
}

// Required is a member that must be there.
func Required(name string, read func(*Record) error) Member { return Member{name, false, read} }

// Optional is a member that may be missing.
func Optional(name string, read func(*Record) error) Member { return Member{name, true, read} }

// Read reads a whole text as a struct of that name.
func Read(text []byte, name string, members []Member) error {
	if !utf8.Valid(text) {
		return fmt.Errorf("UTF8 error: invalid utf-8 sequence of 1 bytes from index %d", firstInvalid(text))
	}
	if err := judgeJSON(text); err != nil {
		return fmt.Errorf("Serialization error: %w", err) //nolint:staticcheck // wascap's words
	}
	r := &Record{cursor{text: text}}
	if err := r.Struct(name, members); err != nil {
		return fmt.Errorf("Serialization error: %w", err) //nolint:staticcheck // likewise
	}
	return nil
}

func firstInvalid(text []byte) int {
	at := 0
	for at < len(text) {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size <= 1 {
			break
		}
		at += size
	}
	return at
}

// judgeJSON refuses what serde_json does not take as JSON.
func judgeJSON(text []byte) error {
	if at, bad := loneSurrogate(text); bad {
		return placed(text, at, "lone leading surrogate in hex escape")
	}
	if at, deep := tooDeep(text); deep {
		return placed(text, at, "recursion limit exceeded")
	}
	if json.Valid(text) {
		return nil
	}
	var value json.RawMessage
	err := json.Unmarshal(text, &value)
	var syntax *json.SyntaxError
	if !errors.As(err, &syntax) || int(syntax.Offset) >= len(text) && strings.HasPrefix(syntax.Error(), "unexpected end") {
		return placed(text, len(text), "EOF while parsing a value")
	}
	return placed(text, int(syntax.Offset), "expected value")
}

// placed gives the message with the line and column behind the first n bytes.
func placed(text []byte, n int, format string, args ...any) error {
	before := text[:n]
	line := bytes.Count(before, []byte("\n")) + 1
	column := n - (bytes.LastIndexByte(before, '\n') + 1)
	return fmt.Errorf(format+" at line %d column %d", append(args, line, column)...)
}

func (r *Record) fail(format string, args ...any) error {
	return placed(r.text, r.at, format, args...)
}

// Struct reads the next value as a struct.
func (r *Record) Struct(name string, members []Member) error {
	switch r.kind() {
	case '{':
		return r.named(members)
	case '[':
		return r.positional(name, members)
	}
	return r.mismatch("struct " + name)
}

func (r *Record) named(members []Member) error {
	r.step()
	var seen uint
	for r.kind() != '}' {
		at := indexOf(members, r.scalar())
		if at < 0 {
			r.kind()
			r.skip()
			continue
		}
		if seen&(1<<at) != 0 {
			return r.fail("duplicate field `%s`", members[at].name)
		}
		seen |= 1 << at
		r.kind()
		if err := members[at].read(r); err != nil {
			return err
		}
	}
	r.step()
	for i, m := range members {
		if seen&(1<<i) == 0 && !m.optional {
			return r.fail("missing field `%s`", m.name)
		}
	}
	return nil
}

func (r *Record) positional(name string, members []Member) error {
	r.step()
	for i, m := range members {
		if r.kind() == ']' {
			return r.fail("invalid length %d, expected struct %s with %d elements", i, name, len(members))
		}
		if err := m.read(r); err != nil {
			return err
		}
	}
	if r.kind() != ']' {
		return r.fail("trailing characters")
	}
	r.step()
	return nil
}

func indexOf(members []Member, spelled []byte) int {
	plain := spelled[1 : len(spelled)-1]
	if bytes.IndexByte(plain, '\\') >= 0 {
		plain = []byte(unquoted(spelled))
	}
	for i := range members {
		if members[i].name == string(plain) {
			return i
		}
	}
	return -1
}

// Null consumes a null, if one comes next.
func (r *Record) Null() bool {
	if r.kind() != 'n' {
		return false
	}
	r.scalar()
	return true
}

// mismatch says that the next value is of another type than wanted, as serde does.
func (r *Record) mismatch(want string) error {
	var what string
	switch r.kind() {
	case '{':
		what = "map"
	case '[':
		what = "sequence"
	case 'n':
		r.scalar()
		what = "null"
	case 't', 'f':
		what = fmt.Sprintf("boolean `%s`", r.scalar())
	case '"':
		what = "string " + strconv.Quote(unquoted(r.scalar()))
	default:
		what = numberText(string(r.scalar()))
	}
	return r.fail("invalid type: %s, expected %s", what, want)
}

func numberText(text string) string {
	if _, err := strconv.ParseUint(text, 10, 64); err == nil {
		return "integer `" + text + "`"
	}
	if _, err := strconv.ParseInt(text, 10, 64); err == nil && text != "-0" {
		return "integer `" + text + "`"
	}
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return "number"
	}
	float := strconv.FormatFloat(value, 'f', -1, 64)
	if !strings.Contains(float, ".") {
		float += ".0"
	}
	return "floating point `" + float + "`"
}

// Text reads a string into place.
func Text(into *string) func(*Record) error {
	return func(r *Record) error {
		if r.kind() != '"' {
			return r.mismatch("a string")
		}
		*into = unquoted(r.scalar())
		return nil
	}
}

// Number reads an integer without sign and of at most that many bits; null is
// none where nullable.
func Number(bits int, nullable bool, into func(uint64)) func(*Record) error {
	want := "u" + strconv.Itoa(bits)
	return func(r *Record) error {
		kind := r.kind()
		switch {
		case kind == 'n' && nullable:
			r.scalar()
			return nil
		case kind != '-' && (kind < '0' || kind > '9'):
			return r.mismatch(want)
		}
		before := r.at
		literal := string(r.scalar())
		if value, err := strconv.ParseUint(literal, 10, bits); err == nil {
			into(value)
			return nil
		}
		if what := numberText(literal); strings.HasPrefix(what, "integer") {
			return r.fail("invalid value: %s, expected %s", what, want)
		}
		r.at = before
		return r.mismatch(want)
	}
}
