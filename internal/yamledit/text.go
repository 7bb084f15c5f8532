package yamledit

import (
	"bytes"
	"fmt"
	"sort"
	"unicode/utf8"
)

const byteOrderMark = "\ufeff"

// source is a text with an index of its lines. Lines end in LF or CRLF; foreign
// finds every other line break of YAML 1.1, so that this index and the YAML parser
// count alike.
type source struct {
	text  []byte
	lines []int // where each line starts
	runes []int // how many characters stand before each block; nil where all are of one byte
}

// block is how many bytes are counted at a time.
const block = 1024

func newSource(text []byte) *source {
	s := &source{text: text, lines: []int{0}}
	ascii := true
	for i, b := range text {
		ascii = ascii && b < utf8.RuneSelf
		if b == '\n' {
			s.lines = append(s.lines, i+1)
		}
	}
	if ascii {
		return s
	}
	count := 0
	for i, b := range text {
		if i%block == 0 {
			s.runes = append(s.runes, count)
		}
		if utf8.RuneStart(b) {
			count++
		}
	}
	return s
}

// characters is how many characters stand before the offset.
func (s *source) characters(offset int) int {
	if s.runes == nil {
		return offset
	}
	n := min(offset/block, len(s.runes)-1)
	count := s.runes[n]
	for _, b := range s.text[n*block : offset] {
		if utf8.RuneStart(b) {
			count++
		}
	}
	return count
}

// character is where the character starts before which so many stand.
func (s *source) character(count int) int {
	if s.runes == nil {
		return min(count, len(s.text))
	}
	n := sort.SearchInts(s.runes, count+1) - 1
	at, seen := n*block, s.runes[n]
	for ; at < len(s.text); at++ {
		if utf8.RuneStart(s.text[at]) {
			if seen == count {
				break
			}
			seen++
		}
	}
	return at
}

// start is where the text proper begins: after the byte order mark if there is one.
func (s *source) start() int {
	if bytes.HasPrefix(s.text, []byte(byteOrderMark)) {
		return len(byteOrderMark)
	}
	return 0
}

// offset is the inverse of position. Columns count characters from 1, as the
// YAML parser does, and leave the byte order mark out.
func (s *source) offset(line, column int) int {
	if line > len(s.lines) { // a value missing at the very end
		return len(s.text)
	}
	at := s.lines[line-1]
	if line == 1 {
		at = s.start()
	}
	return s.character(s.characters(at) + column - 1)
}

// position is the line and column of an offset, both from 1.
func (s *source) position(offset int) (line, column int) {
	line = sort.SearchInts(s.lines, offset+1)
	from := max(s.lines[line-1], s.start())
	return line, s.characters(offset) - s.characters(min(from, offset)) + 1
}

// lineStart is where the line of offset starts.
func (s *source) lineStart(offset int) int {
	return s.lines[sort.SearchInts(s.lines, offset+1)-1]
}

// lineEnd is where the line of offset ends, before its line end.
func (s *source) lineEnd(offset int) int {
	end := s.nextLine(offset)
	return end - len(lineEnding(s.text[:end]))
}

// nextLine is where the line after that of offset starts.
func (s *source) nextLine(offset int) int {
	next := sort.SearchInts(s.lines, offset+1)
	if next == len(s.lines) {
		return len(s.text)
	}
	return s.lines[next]
}

// newline is how the line of offset ends or, if it is the last and does not,
// how the first line of the text does.
func (s *source) newline(offset int) string {
	for _, line := range [][]byte{s.text[:s.nextLine(offset)], s.text[:s.nextLine(0)]} {
		if end := lineEnding(line); end != "" {
			return end
		}
	}
	return "\n"
}

// lineEnding is what text ends in: CRLF, LF or nothing.
func lineEnding(text []byte) string {
	switch {
	case bytes.HasSuffix(text, []byte("\r\n")):
		return "\r\n"
	case bytes.HasSuffix(text, []byte("\n")):
		return "\n"
	}
	return ""
}

// blank reports whether text[from:to] is only spaces and tabs.
func (s *source) blank(from, to int) bool {
	return len(bytes.Trim(s.text[from:to], " \t")) == 0
}

// foreign finds the first byte that is not taken for text and says what it is:
// malformed UTF-8, a control character, or a line break other than LF and CRLF.
func (s *source) foreign() (offset int, what string) {
	for i := 0; i < len(s.text); {
		r, size := utf8.DecodeRune(s.text[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			return i, "a byte that is not UTF-8"
		case r == '\r' && !bytes.HasPrefix(s.text[i:], []byte("\r\n")):
			return i, "a carriage return without a line feed"
		case r == '\u0085' || r == '\u2028' || r == '\u2029':
			return i, fmt.Sprintf("the line break %U", r)
		case r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f:
			return i, fmt.Sprintf("the control character %U", r)
		case r == '\ufeff' && i > 0:
			return i, "a byte order mark inside the text"
		}
		i += size
	}
	return -1, ""
}
