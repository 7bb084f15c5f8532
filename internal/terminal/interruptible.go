package terminal

import (
	"context"
	"io"

	"github.com/latch-keys/latch/internal/bounded"
)

// Interruptible is a reader that Ctrl-C ends. It reads into memory of its own,
// since a read that was given up may still be writing there. Where it has ended it
// stays so: a terminal would wait for a second Ctrl-D.
func Interruptible(ctx context.Context, from io.Reader) io.Reader {
	return &patient{ctx: ctx, from: from, buffer: make([]byte, 64<<10)}
}

type patient struct {
	ctx    context.Context //nolint:containedctx // io.Reader leaves no other way
	from   io.Reader
	buffer []byte
	ended  error
}

// Read is one read of what is behind.
func (p *patient) Read(into []byte) (int, error) {
	if p.ended != nil {
		return 0, p.ended
	}
	n, err := bounded.Call(p.ctx, func() (int, error) { return p.from.Read(p.buffer[:min(len(into), len(p.buffer))]) })
	p.ended = err
	return copy(into, p.buffer[:n]), err
}
