package reading

import (
	"bytes"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/finding"
)

// systemd is the parser of EnvironmentFile=: quotes are taken away where they
// open the value, comments only stand on lines of their own. Source: systemd
// v252 src/basic/env-file.c, parse_env_file_internal.
type systemd struct{}

// Name is "systemd".
func (systemd) Name() string { return "systemd" }

// About names systemd.
func (systemd) About() string { return "systemd EnvironmentFile=" }

func (systemd) Read(h *hostenv.Host, text []byte) {
	s := scanner{text: text, number: 1}
	for s.more() {
		s.skip(" \t\n\r")
		if !s.more() {
			return
		}
		if bytes.IndexByte([]byte("#;"), s.peek()) >= 0 {
			s.systemdComment()
			continue
		}
		number := s.number
		name, set := s.until('=', "\n\r")
		name = bytes.TrimRight(name, " \t")
		if !set {
			h.Note(number, 1, finding.Warning, hostenv.RuleSyntax, "systemd skips this line: it has no =", "write NAME=VALUE, or # before a comment")
			continue
		}
		column := s.column()
		value := s.systemdValue()
		if !hostenv.VariableName(name) {
			refuseName(h, hostenv.Line{Number: number}, name, "systemd skips this line")
			clear(value)
			continue
		}
		h.Add(string(name), number, column, value)
	}
}

// systemdComment ends with the line, unless a backslash stands before its end.
func (s *scanner) systemdComment() {
	for s.more() {
		switch s.next() {
		case '\\':
			s.nextIfAny()
		case '\n', '\r':
			return
		}
	}
}

// systemdValue reads up to the end of the line, or over it where a quote or a
// backslash says so.
func (s *scanner) systemdValue() []byte {
	var value []byte
	bare := 0 // up to where the value keeps its blanks
	for s.skip(" \t"); s.more(); {
		switch c := s.next(); {
		case c == '\n' || c == '\r':
			return value[:len(bytes.TrimRight(value[bare:], " \t"))+bare]
		case c == '\'' || c == '"':
			value = s.systemdQuoted(value, c)
			bare = len(value)
			s.skip(" \t")
		default:
			value, bare = s.systemdBare(value, c, bare)
		}
	}
	return value[:len(bytes.TrimRight(value[bare:], " \t"))+bare]
}

// systemdBare reads the unquoted rest of a line: quotes in it are literal.
func (s *scanner) systemdBare(value []byte, c byte, bare int) ([]byte, int) {
	for {
		if c == '\\' {
			if s.more() {
				if c = s.next(); c != '\n' {
					value = append(value, c)
				}
			}
			bare = len(value)
		} else {
			value = append(value, c)
		}
		if !s.more() || s.peek() == '\n' || s.peek() == '\r' {
			return value, bare
		}
		c = s.next()
	}
}

// systemdQuoted reads up to the closing quote, or the end of the file.
func (s *scanner) systemdQuoted(value []byte, quote byte) []byte {
	for s.more() {
		c := s.next()
		switch {
		case c == quote:
			return value
		case c == '\\' && quote == '"' && s.more():
			switch c = s.next(); {
			case bytes.IndexByte([]byte("\"\\`$"), c) >= 0:
				value = append(value, c)
			case c != '\n':
				value = append(value, '\\', c)
			}
		default:
			value = append(value, c)
		}
	}
	return value
}
