package terminal

import (
	"context"
	"io"
)

// Await lets Ctrl-C end a read that may block for good. The read goes on in the
// background until the process ends, which is soon.
func Await[A, T any](ctx context.Context, read func(A) (T, error), from A) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := read(from)
		done <- result{value, err}
	}()
	select {
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	case got := <-done:
		return got.value, got.err
	}
}

// Interruptible is a reader that Ctrl-C ends. It reads into memory of its own,
// since a read that was given up may still be writing there.
func Interruptible(ctx context.Context, from io.Reader) io.Reader {
	return &patient{ctx: ctx, from: from, buffer: make([]byte, 64<<10)}
}

type patient struct {
	ctx    context.Context //nolint:containedctx // io.Reader leaves no other way
	from   io.Reader
	buffer []byte
}

// Read is one read of what is behind.
func (p *patient) Read(into []byte) (int, error) {
	n, err := Await(p.ctx, p.from.Read, p.buffer[:min(len(into), len(p.buffer))])
	return copy(into, p.buffer[:n]), err
}
