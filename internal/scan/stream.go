package scan

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/latch-keys/latch/internal/keys"
)

const (
	// piece is how much is looked at together.
	piece = 256 << 10
	// reach is more than a seed in pieces takes: 58 characters and the widest gaps
	// between them.
	reach = 8 << 10
	// margin is how much is kept of what was looked at before, to see whether a
	// word begins there.
	margin = 64
)

// window is the part of a stream that is in memory.
type window struct {
	buffer []byte
	held   int  // how much of the buffer is filled
	looked int  // up to where seeds were looked for
	lines  int  // line ends before the buffer
	broken bool // the line that the buffer begins in began before it
}

func newWindow() *window { return &window{buffer: make([]byte, piece)} }

// begin fills the window with the beginning of a stream.
func (w *window) begin(r io.Reader) error {
	*w = window{buffer: w.buffer}
	return w.fill(r)
}

// head is as much of the beginning as tells what the stream is.
func (w *window) head() []byte { return w.buffer[:min(w.held, headLength)] }

// again gives a stream of which the window holds the beginning, from there on. ended is
// why the window could not be filled.
func (w *window) again(r io.Reader, ended error) *bufio.Reader {
	parts := []io.Reader{bytes.NewReader(bytes.Clone(w.buffer[:w.held])), r}
	if errors.Is(ended, io.EOF) { // a terminal would be asked once more
		parts = parts[:1]
	}
	return bufio.NewReaderSize(io.MultiReader(parts...), 2*headLength)
}

// wipe clears what the window has held.
func (w *window) wipe() { clear(w.buffer) }

// fill reads until the window is full, or until the stream ends: then it gives io.EOF,
// or why it could not be read on.
func (w *window) fill(r io.Reader) error {
	for w.held < len(w.buffer) {
		n, err := r.Read(w.buffer[w.held:])
		w.held += n
		if err != nil {
			return err
		}
	}
	return nil
}

// look finds the seeds that begin where none were looked for yet, and that the
// window holds for certain.
func (s *Scanner) look(w *window, last bool, at Place) {
	text := w.buffer[:w.held]
	until := len(text)
	if !last {
		until -= reach
	}
	keys.EachSeed(text, func(seed keys.Seed, span keys.Span) {
		seed.Wipe()
		if span.From < w.looked || span.From >= until {
			return
		}
		here := at
		here.Line, here.Column = w.place(span.From)
		s.add(seed.PublicKey(), span.Sound, here)
	})
	w.looked = until
}

// place is the line and the column of a byte of the window. The column is 0 where
// the line began before the window.
func (w *window) place(i int) (line, column int) {
	before := w.buffer[:i]
	start := bytes.LastIndexByte(before, '\n') + 1
	if start > 0 || !w.broken {
		column = utf8.RuneCount(before[start:]) + 1
	}
	return w.lines + bytes.Count(before, []byte{'\n'}) + 1, column
}

// advance drops what was looked at, but for a little.
func (w *window) advance() {
	from := w.looked - margin
	gone := w.buffer[:from]
	w.lines += bytes.Count(gone, []byte{'\n'})
	w.broken = gone[len(gone)-1] != '\n'
	w.held = copy(w.buffer, w.buffer[from:w.held])
	w.looked = margin
}
