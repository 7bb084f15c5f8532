package app

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/printable"
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
	return StdoutError(o.err)
}

// StdoutError is the error of a command that could not write to stdout; nil stays nil.
func StdoutError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, syscall.EPIPE):
		return &readerGone{}
	}
	return fault.New(fault.Failed, "failed to write to stdout").Because(err)
}

// readerGone is the error of a pipe whose reader has ended, as head does: there
// is nobody to tell, and nothing has gone wrong.
type readerGone struct{}

// Error says what the system says.
func (*readerGone) Error() string { return "failed to write to stdout: " + syscall.EPIPE.Error() }

// isReaderGone reports whether that is all that err tells.
func isReaderGone(err error) bool {
	_, gone := err.(*readerGone) //nolint:errorlint // inside another error there is more to tell
	return gone
}

// Error is the first error of a write, nil where there was none.
func (o *Out) Error() error { return o.err }

// Fail keeps an error of what writes to it.
func (o *Out) Fail(err error) {
	if o.err == nil {
		o.err = err
	}
}

// encodeJSON writes doc as one indented JSON document.
func encodeJSON(w io.Writer, doc any, indent string) {
	e := json.NewEncoder(printable.JSON(w))
	e.SetIndent("", indent)
	e.SetEscapeHTML(false)
	if err := e.Encode(doc); err != nil {
		if o, ok := w.(*Out); ok {
			o.Fail(err)
		}
	}
}

// OutFlag adds --out, the file that a command writes to in place of stdout, which - stands for too.
func OutFlag(c *cobra.Command, into *string, use string) {
	c.Flags().Var(&outFile{path: into}, "out", use+" (default: stdout)")
}

type outFile struct {
	path  *string // "" for stdout
	given string
}

func (o *outFile) String() string { return o.given }

func (o *outFile) Set(given string) error {
	if o.given, *o.path = given, given; given == "-" {
		*o.path = ""
	}
	return nil
}

func (o *outFile) Type() string { return "string" }
