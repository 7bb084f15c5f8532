package reading

import (
	"bytes"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/finding"
)

// fish is what fish does with a file of set -x lines. Nothing is run: a $ is
// marked as Expanded. Source: fish 3 doc_src/language.rst, Quotes.
type fish struct{}

// Name is "fish".
func (fish) Name() string { return "fish" }

// About names fish.
func (fish) About() string { return "fish: source FILE" }

func (fish) Read(h *hostenv.Host, text []byte) {
	s := &scanner{text: text, number: 1}
	for s.more() {
		words, ok := s.fishCommand(h)
		if !ok || len(words) == 0 {
			continue
		}
		exports, name := fishSet(words)
		switch {
		case name < 0:
			h.Note(words[0].line, words[0].column, finding.Warning, hostenv.RuleSyntax, "fish runs a program here; what that sets cannot be seen", "keep nothing but set -gx in the file")
		case !exports:
			h.Note(words[0].line, words[0].column, finding.Warning, hostenv.RuleSyntax, "fish does not export this variable: the host does not see it", "write set -gx NAME VALUE")
		default:
			fishValue(h, words, name)
		}
	}
}

// fishSet finds the name in set -gx NAME VALUE; -1 where the words are another
// command.
func fishSet(words []word) (exports bool, name int) {
	if !words[0].is("set") {
		return false, -1
	}
	for i, w := range words[1:] {
		switch {
		case bytes.HasPrefix(w.text, []byte("--")):
			exports = exports || w.is("--export")
		case bytes.HasPrefix(w.text, []byte("-")):
			exports = exports || bytes.IndexByte(w.text, 'x') > 0
		default:
			return exports, i + 1
		}
	}
	return false, -1
}

func fishValue(h *hostenv.Host, words []word, name int) {
	var value []byte
	at, expanded := words[name], false
	for i, w := range words[name+1:] {
		if i == 0 {
			at = w
		} else {
			value = append(value, ' ')
		}
		value = append(value, w.text...)
		expanded = expanded || w.expanded
	}
	h.Add(string(words[name].text), at.line, at.column, value).Expanded = expanded
}

// fishCommand reads one command's words. False: a quote is not closed.
func (s *scanner) fishCommand(h *hostenv.Host) ([]word, bool) {
	var words []word
	for s.more() {
		switch c := s.peek(); {
		case c == ' ' || c == '\t' || c == '\r':
			s.next()
		case c == '\n' || c == ';':
			s.next()
			return words, true
		case c == '#':
			s.restOfLine()
		default:
			w, closed := s.fishWord()
			if !closed {
				h.Note(w.line, w.column, finding.Error, hostenv.RuleSyntax, "the quote that opens here is never closed: fish stops", "close the quote")
				return nil, false
			}
			words = append(words, w)
		}
	}
	return words, true
}

func (s *scanner) fishWord() (word, bool) {
	w := word{equals: -1, line: s.number, column: s.column()}
	for s.more() && bytes.IndexByte([]byte(" \t\r\n;"), s.peek()) < 0 {
		switch c := s.next(); c {
		case '\'', '"':
			if !s.fishQuoted(&w, c) {
				return w, false
			}
		case '\\':
			if s.more() {
				if c = s.next(); c != '\n' {
					w.text = append(w.text, c)
				}
			}
		default:
			w.expanded = w.expanded || c == '$' || c == '(' || c == '*' || c == '~' && len(w.text) == 0
			w.text = append(w.text, c)
		}
	}
	return w, true
}

// fishQuoted reads up to the closing quote: a backslash escapes the quote and
// itself, and $ in double quotes.
func (s *scanner) fishQuoted(w *word, quote byte) (closed bool) {
	for s.more() {
		c := s.next()
		switch {
		case c == quote:
			return true
		case c == '\\' && s.more() && (s.peek() == quote || s.peek() == '\\' || quote == '"' && s.peek() == '$'):
			w.text = append(w.text, s.next())
		case c == '\\' && s.more() && s.peek() == '\n' && quote == '"':
			s.next()
		default:
			w.expanded = w.expanded || quote == '"' && (c == '$' || c == '(')
			w.text = append(w.text, c)
		}
	}
	return false
}
