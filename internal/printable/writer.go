package printable

import (
	"bytes"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Writer lets through what may be shown: text, line ends and tabs and, if it
// may, colours. It is the last guard, behind Line: a text that nobody thought of
// cannot move the cursor, nor give a command to a CI service. Each write is to
// hold whole characters.
type Writer struct {
	to      io.Writer
	colours bool
	inside  bool // a line has begun
}

// NewWriter guards to. With colours, the sequences that set them go through.
func NewWriter(to io.Writer, colours bool) *Writer { return &Writer{to: to, colours: colours} }

// Write shows text.
func (w *Writer) Write(text []byte) (int, error) {
	if clean := w.clean(text); clean != nil {
		if _, err := w.to.Write(clean); err != nil {
			return 0, err
		}
	}
	return len(text), nil
}

// clean escapes line by line, since it matters where a line begins.
func (w *Writer) clean(text []byte) []byte {
	var b bytes.Buffer
	b.Grow(len(text))
	for len(text) > 0 {
		line, rest, ended := bytes.Cut(text, []byte("\n"))
		if len(line) > 0 {
			w.line(&b, string(line))
			w.inside = true
		}
		if ended {
			b.WriteByte('\n')
			w.inside = false
		}
		text = rest
	}
	return b.Bytes()
}

func (w *Writer) line(b *bytes.Buffer, line string) {
	if ordinary(line) {
		b.WriteString(line)
		return
	}
	if !w.inside {
		// GitHub: ::set-env and its like, behind whatever blanks.
		if bare := strings.TrimLeftFunc(line, unicode.IsSpace); strings.HasPrefix(bare, "::") {
			line = line[:len(line)-len(bare)] + `\x3a` + bare[1:]
		}
	}
	line = strings.NewReplacer("##[", `#\x23[`, "##vso[", `#\x23vso[`).Replace(line) // Azure, and GitHub of old
	for line != "" {
		if w.colours {
			if n := len(colour(line)); n > 0 {
				b.WriteString(line[:n])
				line = line[n:]
				continue
			}
		}
		r, n := utf8.DecodeRuneInString(line)
		if r == '\t' {
			b.WriteByte('\t')
		} else {
			b.WriteString(Line(line[:n]))
		}
		line = line[n:]
	}
}

// colour is the sequence at the beginning of text that sets a colour, "" if
// there is none.
func colour(text string) string {
	parameters, begins := strings.CutPrefix(text, "\x1b[")
	end := strings.IndexByte(parameters, 'm')
	if !begins || end < 0 || strings.Trim(parameters[:end], "0123456789;") != "" {
		return ""
	}
	return text[:len("\x1b[")+end+1]
}

// ordinary reports text in which there is nothing to guard.
func ordinary(line string) bool {
	for i := range len(line) {
		if c := line[i]; c < ' ' || c > '~' || c == ':' || c == '#' {
			return false
		}
	}
	return true
}
