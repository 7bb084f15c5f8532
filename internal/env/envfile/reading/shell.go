package reading

import (
	"bytes"
	"slices"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/finding"
)

// shell is what POSIX shells do with a file that is sourced under set -a:
// assignments, with or without export; quotes anywhere; comments after a blank.
// Nothing is run: what only a running shell knows is marked as Expanded.
type shell struct{}

// Name is "sh".
func (shell) Name() string { return "sh" }

// About names the shells.
func (shell) About() string { return "sh, bash, zsh: set -a; . FILE" }

func (shell) Read(h *hostenv.Host, text []byte) {
	s := &scanner{text: text, number: 1}
	for s.more() {
		words, ok := s.command(h)
		if ok {
			run(h, words)
		}
	}
}

// word is one word of a command, its quotes taken away.
type word struct {
	text         []byte
	equals       int // where the = of an assignment stands, -1 where it is none
	expanded     bool
	line, column int
}

func (w word) is(text string) bool { return string(w.text) == text }

// command reads one command's words. False: the shell would not take it for one
// that only sets variables, and the host has a finding.
func (s *scanner) command(h *hostenv.Host) ([]word, bool) {
	var words []word
	for s.more() {
		switch c := s.peek(); {
		case c == ' ' || c == '\t':
			s.next()
		case c == '\n' || c == ';':
			s.next()
			return words, true
		case c == '#':
			s.restOfLine()
		case bytes.IndexByte([]byte("&|<>()"), c) >= 0:
			h.Note(s.number, s.column(), finding.Error, hostenv.RuleSyntax, "a shell does more than set variables here", "put quotes around the value, or take the line away")
			s.restOfLine()
			return nil, false
		default:
			w, closed := s.word()
			if !closed {
				h.Note(w.line, w.column, finding.Error, hostenv.RuleSyntax, "the quote that opens here is never closed: a shell stops", "close the quote")
				return nil, false
			}
			words = append(words, w)
		}
	}
	return words, true
}

// word reads one word. False: a quote is not closed.
func (s *scanner) word() (word, bool) {
	w := word{equals: -1, line: s.number, column: s.column()}
	plain := true // nothing of the word was quoted yet
	for s.more() && bytes.IndexByte([]byte(" \t\n;&|<>()"), s.peek()) < 0 {
		from := s.number
		switch c := s.next(); c {
		case '\'':
			inside, closed := s.until('\'', "")
			if w.text = append(w.text, inside...); !closed {
				w.line = from
				return w, false
			}
			plain = false
		case '"':
			if !s.doubleQuoted(&w) {
				w.line = from
				return w, false
			}
			plain = false
		case '\\':
			if s.more() {
				if c = s.next(); c != '\n' {
					w.text = append(w.text, c)
				}
			}
			plain = false
		case '=':
			if w.equals < 0 && plain && hostenv.VariableName(bytes.TrimSuffix(w.text, []byte("+"))) {
				w.equals = len(w.text)
			}
			w.text = append(w.text, c)
		default:
			w.expanded = w.expanded || s.expands(c) || c == '~' && w.opensPath()
			w.text = append(w.text, c)
		}
	}
	return w, true
}

// opensPath reports whether a tilde at this place stands for a home folder.
func (w word) opensPath() bool {
	at := len(w.text)
	return w.equals >= 0 && (at == w.equals+1 || w.text[at-1] == ':')
}

// expands reports whether c, just read, opens an expansion.
func (s *scanner) expands(c byte) bool {
	if c == '`' {
		return true
	}
	if c != '$' || !s.more() {
		return false
	}
	next := s.peek()
	return hostenv.VariableName([]byte{next}) || '0' <= next && next <= '9' || bytes.IndexByte([]byte("{(*@#?$!-'\""), next) >= 0
}

// doubleQuoted reads up to the closing quote.
func (s *scanner) doubleQuoted(w *word) (closed bool) {
	for s.more() {
		c := s.next()
		switch {
		case c == '"':
			return true
		case c == '\\' && s.more():
			switch c = s.next(); {
			case bytes.IndexByte([]byte("\"\\`$"), c) >= 0:
				w.text = append(w.text, c)
			case c != '\n':
				w.text = append(w.text, '\\', c)
			}
		default:
			w.expanded = w.expanded || s.expands(c) && (c == '`' || bytes.IndexByte([]byte("'\""), s.peek()) < 0)
			w.text = append(w.text, c)
		}
	}
	return false
}

// run sets what a command sets.
func run(h *hostenv.Host, words []word) {
	if len(words) == 0 || words[0].is("set") {
		return
	}
	first := words[0]
	if slices.ContainsFunc([]string{"export", "readonly", "declare", "typeset"}, first.is) {
		declare(h, first, words[1:])
		return
	}
	for _, w := range words {
		if w.equals < 0 {
			noCommand(h, first, words)
			return
		}
	}
	for _, w := range words {
		w.assign(h, w.equals)
	}
}

// assign sets the variable whose name ends at an =. What bash adds to a value is
// not known.
func (w word) assign(h *hostenv.Host, equals int) {
	name, adds := bytes.CutSuffix(w.text[:equals], []byte("+"))
	if adds {
		h.Note(w.line, w.column, finding.Error, hostenv.RuleSyntax, "bash adds to a value here; other shells know no +=", "write the whole value")
	}
	h.Add(string(name), w.line, w.column+equals+1, w.text[equals+1:]).Expanded = w.expanded || adds
}

func noCommand(h *hostenv.Host, first word, words []word) {
	switch {
	case bytes.HasPrefix(first.text, []byte(hostenv.ByteOrderMark)):
		h.Note(first.line, first.column, finding.Error, hostenv.RuleMark, "a byte order mark opens the file: a shell takes the line for a program to run", hostenv.MarkHint)
	case len(words) > 1 && first.equals < 0 && bytes.HasPrefix(words[1].text, []byte("=")):
		h.Note(first.line, first.column, finding.Error, hostenv.RuleName, "a blank stands before the =: a shell takes the name for a program to run", "write NAME=VALUE, without blanks")
	case first.equals >= 0:
		h.Note(first.line, first.column, finding.Error, hostenv.RuleSyntax, "a blank stands in the value: a shell takes what follows for a program to run, and sets nothing", "put quotes around the value")
	default:
		h.Note(first.line, first.column, finding.Warning, hostenv.RuleSyntax, "a shell runs a program here; what that sets cannot be seen", "keep nothing but assignments in the file")
	}
}
