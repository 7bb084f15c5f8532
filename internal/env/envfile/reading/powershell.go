package reading

import (
	"bytes"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/finding"
)

// powershell is what PowerShell does with a file of $Env:NAME = VALUE lines. In
// single quotes only the quote means anything, and is written twice; in double
// ones a ` escapes and a $ expands. Source: about_Quoting_Rules.
type powershell struct{}

// Name is "powershell".
func (powershell) Name() string { return "powershell" }

// About names PowerShell.
func (powershell) About() string { return "PowerShell: . ./FILE" }

func (powershell) Read(h *hostenv.Host, text []byte) {
	s := &scanner{text: bytes.TrimPrefix(text, []byte(hostenv.ByteOrderMark)), number: 1}
	for s.more() {
		s.skip(" \t\r\n;")
		if !s.more() {
			return
		}
		if s.peek() == '#' {
			s.restOfLine()
			continue
		}
		line, column := s.number, s.column()
		name, ok := s.powershellName()
		if !ok {
			h.Note(line, column, finding.Warning, hostenv.RuleSyntax, "PowerShell runs something here; what that sets cannot be seen", "keep nothing but $Env:NAME = 'VALUE' in the file")
			s.restOfLine()
			continue
		}
		line, column = s.number, s.column()
		value, expanded, closed := s.powershellValue()
		if !closed {
			h.Note(line, column, finding.Error, hostenv.RuleSyntax, "PowerShell refuses the file: what opens here is no text in quotes that close", "put single quotes around the value")
			return
		}
		h.Add(name, line, column, value).Expanded = expanded
	}
}

// powershellName reads $Env:NAME =, in any case.
func (s *scanner) powershellName() (string, bool) {
	const opening = "$env:"
	rest := s.text[s.at:]
	if len(rest) < len(opening) || !bytes.EqualFold(rest[:len(opening)], []byte(opening)) {
		return "", false
	}
	s.at += len(opening)
	name, set := s.until('=', "\n")
	s.skip(" \t")
	return string(bytes.TrimSpace(name)), set
}

// powershellValue reads a text in quotes. Not closed: it is none.
func (s *scanner) powershellValue() (value []byte, expanded, closed bool) {
	if !s.more() || s.peek() != '\'' && s.peek() != '"' {
		return nil, false, false
	}
	quote := s.next()
	for s.more() {
		c := s.next()
		switch {
		case c == quote && s.more() && s.peek() == quote:
			value = append(value, s.next())
		case c == quote:
			return value, expanded, true
		case c == '`' && quote == '"' && s.more():
			value = append(value, powershellEscape(s.next()))
		default:
			expanded = expanded || c == '$' && quote == '"'
			value = append(value, c)
		}
	}
	return nil, false, false
}

func powershellEscape(c byte) byte {
	const letters, values = "0abefnrtv", "\x00\a\b\x1b\f\n\r\t\v"
	if i := bytes.IndexByte([]byte(letters), c); i >= 0 {
		return values[i]
	}
	return c
}
