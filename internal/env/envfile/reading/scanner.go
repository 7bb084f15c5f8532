package reading

import "bytes"

// scanner walks over a text and counts its lines.
type scanner struct {
	text   []byte
	at     int
	number int // of the current line, from 1
	start  int // where it starts
}

func (s *scanner) more() bool { return s.at < len(s.text) }

func (s *scanner) peek() byte { return s.text[s.at] }

func (s *scanner) next() byte {
	c := s.text[s.at]
	s.at++
	if c == '\n' {
		s.number++
		s.start = s.at
	}
	return c
}

func (s *scanner) nextIfAny() {
	if s.more() {
		s.next()
	}
}

// column is that of the next character, in bytes from 1.
func (s *scanner) column() int { return s.at - s.start + 1 }

// skip passes over characters of the set.
func (s *scanner) skip(set string) {
	for s.more() && bytes.IndexByte([]byte(set), s.peek()) >= 0 {
		s.next()
	}
}

// until reads up to the stop and passes over it. False: one of the ends came
// first, or the text's; the end is passed over too.
func (s *scanner) until(stop byte, ends string) (read []byte, found bool) {
	from := s.at
	for s.more() {
		to := s.at
		switch c := s.next(); {
		case c == stop:
			return s.text[from:to], true
		case bytes.IndexByte([]byte(ends), c) >= 0:
			return s.text[from:to], false
		}
	}
	return s.text[from:], false
}

// restOfLine passes over what is left of the line, its end not included.
func (s *scanner) restOfLine() []byte {
	from := s.at
	for s.more() && s.peek() != '\n' {
		s.next()
	}
	return s.text[from:s.at]
}
