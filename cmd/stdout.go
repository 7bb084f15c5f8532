package cmd

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// out is stdout, buffered. It keeps the first error, so that not every write
// need be looked at: a full disk behind stdout is not "done".
type out struct {
	buffer *bufio.Writer
	err    error
}

func newOut(w io.Writer) *out { return &out{buffer: bufio.NewWriter(w)} }

// Write never fails; close says what went wrong.
func (o *out) Write(p []byte) (int, error) {
	if o.err == nil {
		_, o.err = o.buffer.Write(p)
	}
	return len(p), nil
}

func (o *out) close() error {
	if o.err == nil {
		o.err = o.buffer.Flush()
	}
	if o.err != nil {
		return fmt.Errorf("failed to write to stdout: %w", o.err)
	}
	return nil
}

// error is the first error of a write, nil where there was none.
func (o *out) error() error { return o.err }

// fail keeps an error of what writes to it.
func (o *out) fail(err error) {
	if o.err == nil {
		o.err = err
	}
}

func encodeJSON(w io.Writer, doc any) {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(doc); err != nil {
		if o, ok := w.(*out); ok {
			o.fail(err)
		}
	}
}
