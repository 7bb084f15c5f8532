package app

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
)

// Out is stdout, buffered. It keeps the first error, so that not every write
// need be looked at: a full disk behind stdout is not "done".
type Out struct {
	buffer *bufio.Writer
	err    error
}

// NewOut buffers what is written to w.
func NewOut(w io.Writer) *Out { return &Out{buffer: bufio.NewWriter(w)} }

// Write never fails; close says what went wrong.
func (o *Out) Write(p []byte) (int, error) {
	if o.err == nil {
		_, o.err = o.buffer.Write(p)
	}
	return len(p), nil
}

// Close writes what is left, and gives the first error of all writes.
func (o *Out) Close() error {
	if o.err == nil {
		o.err = o.buffer.Flush()
	}
	if o.err != nil {
		return fmt.Errorf("failed to write to stdout: %w", o.err)
	}
	return nil
}

// Error is the first error of a write, nil where there was none.
func (o *Out) Error() error { return o.err }

// Fail keeps an error of what writes to it.
func (o *Out) Fail(err error) {
	if o.err == nil {
		o.err = err
	}
}

// EncodeJSON writes doc as one indented JSON document.
func EncodeJSON(w io.Writer, doc any) {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	if err := e.Encode(doc); err != nil {
		if o, ok := w.(*Out); ok {
			o.Fail(err)
		}
	}
}
