package reading

import (
	"bytes"
	"strconv"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/lattice"
)

// compose is the dotenv reader of docker compose, close to those of the dotenv
// libraries: quotes that open the value are taken away, in double quotes escapes
// are undone, a comment ends an unquoted value. Source: compose-go v2.16.2
// dotenv/parser.go.
type compose struct{}

// Name is "compose".
func (compose) Name() string { return "compose" }

// About names compose and its kin.
func (compose) About() string { return "docker compose env_file:, dotenv libraries" }

func (compose) Read(h *hostenv.Host, text []byte) {
	s := &scanner{text: bytes.TrimPrefix(text, []byte(hostenv.ByteOrderMark)), number: 1}
	for {
		s.skip(" \t\v\f\r\n")
		switch {
		case !s.more():
			return
		case s.peek() == '#':
			s.restOfLine()
		case !s.statement(h):
			return
		}
	}
}

// statement reads one assignment. False: compose refuses the file here.
func (s *scanner) statement(h *hostenv.Host) bool {
	number := s.number
	if rest := s.text[s.at:]; bytes.HasPrefix(rest, []byte("export ")) || bytes.HasPrefix(rest, []byte("export\t")) {
		s.at += len("export")
		s.skip(" \t\v\f\r")
	}
	name, set := s.composeName()
	if name == nil {
		h.Note(number, 1, lattice.SeverityError, hostenv.RuleName, "compose refuses the file: what stands here is no name of a variable", "write NAME=VALUE, or # before a comment")
		return false
	}
	if !set { // taken from the environment of compose itself
		return true
	}
	s.skip(" \t\v\f\r")
	column := s.column()
	value, expanded, closed := s.composeValue()
	if !closed {
		h.Note(number, column, lattice.SeverityError, hostenv.RuleSyntax, "compose refuses the file: the quote that opens here is never closed", "close the quote")
		return false
	}
	h.Add(string(name), number, column, value).Expanded = expanded
	return true
}

// composeName reads a name up to = or :, nil where it is none. Not set: the line
// ends first.
func (s *scanner) composeName() (name []byte, set bool) {
	from := s.at
	for s.more() {
		c := s.next()
		switch {
		case c == '=' || c == ':':
			name = bytes.TrimSpace(s.text[from : s.at-1])
			return nameOrNil(name), true
		case c == '\n':
			return nameOrNil(bytes.TrimSpace(s.text[from : s.at-1])), false
		case isVariableName([]byte{c}) || '0' <= c && c <= '9' || c >= 0x80:
		case bytes.IndexByte([]byte(".-[] \t\v\f\r"), c) < 0:
			return nil, false
		}
	}
	return nameOrNil(bytes.TrimSpace(s.text[from:])), false
}

func nameOrNil(name []byte) []byte {
	if len(name) == 0 || bytes.ContainsAny(name, " \t") {
		return nil
	}
	return name
}

// composeValue reads up to the closing quote, or without one to the end of the
// line.
func (s *scanner) composeValue() (value []byte, expanded, closed bool) {
	if !s.more() || s.peek() != '"' && s.peek() != '\'' {
		bare, _, _ := bytes.Cut(s.restOfLine(), []byte(" #"))
		bare = bytes.TrimSpace(bare)
		return bytes.ReplaceAll(bare, []byte("$$"), []byte("$")), interpolates(bare), true
	}
	quote := s.next()
	from := s.at
	for s.more() {
		switch c := s.next(); {
		case c == '\\':
			s.nextIfAny()
		case c == quote:
			inside := unescape(s.text[from:s.at-1], quote)
			if quote == '\'' {
				return inside, false, true
			}
			return bytes.ReplaceAll(inside, []byte("$$"), []byte("$")), interpolates(inside), true
		}
	}
	return nil, false, false
}

// unescape undoes what a backslash does: before the quote in any quotes, before
// the letters of escapes in double ones. An escaped $ becomes $$.
func unescape(text []byte, quote byte) []byte {
	value := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' || i+1 == len(text) {
			value = append(value, text[i])
			continue
		}
		i++
		switch c := text[i]; {
		case c == quote:
			value = append(value, c)
		case quote == '"' && c == '$':
			value = append(value, "$$"...)
		case quote == '"' && bytes.IndexByte([]byte(`abfnrtv\`), c) >= 0:
			r, _, _, _ := strconv.UnquoteChar(string([]byte{'\\', c}), '"')
			value = append(value, byte(r))
		default:
			value = append(value, '\\', c)
		}
	}
	return value
}

// interpolates reports whether compose puts something in the place of a $; $$ is
// a dollar sign.
func interpolates(value []byte) bool {
	return bytes.Contains(bytes.ReplaceAll(value, []byte("$$"), nil), []byte("$"))
}
