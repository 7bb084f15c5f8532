package terminaltest

import (
	"errors"
	"io"
	"syscall"
)

// Output is what programs write to a terminal, read from its other end, until nobody is
// left there.
type Output struct{ Master io.Reader }

// Read says io.EOF where Linux says EIO. It asks twice: while the last program ends, Linux
// may say that nobody is left before it has given all that was written.
func (o Output) Read(p []byte) (int, error) {
	n, err := o.Master.Read(p)
	if errors.Is(err, syscall.EIO) {
		n, err = o.Master.Read(p)
	}
	if errors.Is(err, syscall.EIO) {
		err = io.EOF
	}
	return n, err
}
