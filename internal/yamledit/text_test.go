package yamledit

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestOffsetIsTheInverseOfPosition(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "a", "é\r\nb\n\nü c", "\ufeffé b\n c\n", "\n", strings.Repeat("é", 700) + "a\n" + strings.Repeat("€b", 900)} {
		s := newSource([]byte(text))
		for at := s.start(); at <= len(text); at++ {
			if at < len(text) && !utf8.RuneStart(text[at]) {
				continue
			}
			line, column := s.position(at)
			if got := s.offset(line, column); got != at {
				t.Errorf("%q: %d is at %d:%d, which is at %d", text, at, line, column, got)
			}
		}
	}
}

func TestLines(t *testing.T) {
	t.Parallel()
	s := newSource([]byte("ab\r\ncd\n\nef"))
	for _, c := range []struct {
		at, start, end, next int
		newline              string
	}{{0, 0, 2, 4, "\r\n"}, {2, 0, 2, 4, "\r\n"}, {3, 0, 2, 4, "\r\n"}, {4, 4, 6, 7, "\n"}, {7, 7, 7, 8, "\n"}, {8, 8, 10, 10, "\r\n"}, {10, 8, 10, 10, "\r\n"}} {
		if start, end, next, newline := s.lineStart(c.at), s.lineEnd(c.at), s.nextLine(c.at), s.newline(c.at); start != c.start || end != c.end || next != c.next || newline != c.newline {
			t.Errorf("at %d: got %d %d %d %q, want %+v", c.at, start, end, next, newline, c)
		}
	}
	if got := newSource([]byte("a")).newline(0); got != "\n" {
		t.Errorf("a text of one line without an end gets %q", got)
	}
}
