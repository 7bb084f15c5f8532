package reading

import (
	"bytes"
	"strconv"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/env/envfile/interpolate"
	"github.com/latch-keys/latch/internal/finding"
)

// compose is the dotenv reader of docker compose, close to those of the dotenv
// libraries: quotes that open the value are taken away, in double quotes escapes
// are undone, a comment ends an unquoted value. Source: compose-go v2.16.2
// dotenv/parser.go.
type compose struct {
	beside  interpolate.Lookup // what is set beside the file, and counts for more; nil for nothing
	earlier interpolate.Lookup // what earlier files set; nil for nothing
}

// Name is "compose".
func (compose) Name() string { return "compose" }

// About names compose and its kin.
func (compose) About() string { return "docker compose env_file:, dotenv libraries" }

func (c compose) Read(h *hostenv.Host, text []byte) {
	s := &composeScanner{scanner{text: bytes.TrimPrefix(text, []byte(hostenv.ByteOrderMark)), number: 1}, c, map[string]interpolate.Value{}, bytes.IndexByte(text, '$') >= 0}
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

// composeScanner knows the variables that are set so far.
type composeScanner struct {
	scanner
	compose
	set    map[string]interpolate.Value
	refers bool // a value refers to another
}

// value is that of a variable: what is set beside the file counts for more.
func (s *composeScanner) value(name string) interpolate.Value {
	if value := s.inherited(name); value.Set || value.Unsure {
		return value
	}
	if value, ok := s.set[name]; ok || s.earlier == nil {
		return value
	}
	return s.earlier(name)
}

// inherited is the value of a variable that the file names and gives none.
func (s *composeScanner) inherited(name string) interpolate.Value {
	if s.beside == nil {
		return interpolate.Value{}
	}
	return s.beside(name)
}

// keep keeps a value for others to refer to. Where none does, a secret is not
// copied.
func (s *composeScanner) keep(name string, value []byte, unsure bool) {
	if s.refers {
		s.set[name] = interpolate.Value{Text: string(value), Set: true, Unsure: unsure}
	}
}

// statement reads one assignment. False: compose refuses the file here.
func (s *composeScanner) statement(h *hostenv.Host) bool {
	number := s.number
	if rest := s.text[s.at:]; bytes.HasPrefix(rest, []byte("export ")) || bytes.HasPrefix(rest, []byte("export\t")) {
		s.at += len("export")
		s.skip(" \t\v\f\r")
	}
	name, set := s.composeName()
	if name == nil {
		h.Note(number, 1, finding.Error, hostenv.RuleName, "compose refuses the file: what stands here is no name of a variable", "write NAME=VALUE, or # before a comment")
		return false
	}
	if !set { // taken from the environment of compose itself
		if value := s.inherited(string(name)); value.Set {
			h.Add(string(name), number, 1, []byte(value.Text)).Expanded = value.Unsure
		}
		return true
	}
	s.skip(" \t\v\f\r")
	column := s.column()
	raw, literal, closed := s.composeValue()
	if !closed {
		h.Note(number, column, finding.Error, hostenv.RuleSyntax, "compose refuses the file: the quote that opens here is never closed", "close the quote")
		return false
	}
	if literal || bytes.IndexByte(raw, '$') < 0 {
		h.Add(string(name), number, column, raw)
		s.keep(string(name), raw, false)
		return true
	}
	value, err := interpolate.Text(string(raw), s.value)
	if err != nil {
		h.Note(number, column, finding.Error, hostenv.RuleSyntax, "compose refuses the file: "+err.Error(), "write $$ for a dollar sign")
		return false
	}
	s.keep(string(name), []byte(value.Text), !value.Known())
	h.Add(string(name), number, column, []byte(value.Text)).Expanded = !value.Known()
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
		case hostenv.VariableName([]byte{c}) || '0' <= c && c <= '9' || c >= 0x80:
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
// line. In a literal one a $ is nothing but a $.
func (s *scanner) composeValue() (value []byte, literal, closed bool) {
	if !s.more() || s.peek() != '"' && s.peek() != '\'' {
		bare, _, _ := bytes.Cut(s.restOfLine(), []byte(" #"))
		return bytes.Clone(bytes.TrimSpace(bare)), false, true
	}
	quote := s.next()
	from := s.at
	for s.more() {
		switch c := s.next(); {
		case c == '\\':
			s.nextIfAny()
		case c == quote:
			return unescape(s.text[from:s.at-1], quote), quote == '\'', true
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
