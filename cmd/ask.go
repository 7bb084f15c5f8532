package cmd

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"strings"

	"golang.org/x/term"

	"github.com/latch-keys/latch/internal/fault"
)

// confirm asks before something that cannot be undone. --yes answers; without
// a terminal, or with --no-input, not being asked is a refusal.
func (a *app) confirm(ctx context.Context, question string) error {
	if a.flags.yes {
		return nil
	}
	if !a.canAsk() {
		return fault.New(fault.Refused, "this needs a confirmation, and there is no terminal to ask on").WithHint("add --yes")
	}
	fmt.Fprintf(a.sys.Stderr, "%s [y/N] ", question)
	answer, err := await(ctx, bufio.NewReader(a.sys.Stdin).ReadString, '\n')
	if err != nil && answer == "" {
		fmt.Fprintln(a.sys.Stderr)
		return fmt.Errorf("failed to read the answer: %w", err)
	}
	if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "y" && answer != "yes" {
		return fault.New(fault.Refused, "not confirmed, nothing was changed")
	}
	return nil
}

// askSecret reads a line that is not echoed.
func (a *app) askSecret(ctx context.Context, prompt string) ([]byte, error) {
	if !a.canAsk() {
		return nil, fault.New(fault.Failed, "nothing to read, and asking is not allowed").WithHint("pass it on stdin, with -")
	}
	fmt.Fprint(a.sys.Stderr, prompt)
	text, err := a.sys.ReadSecret(ctx)
	fmt.Fprintln(a.sys.Stderr)
	if err != nil {
		return nil, fmt.Errorf("failed to read from the terminal: %w", err)
	}
	return text, nil
}

func (a *app) canAsk() bool {
	s, err := a.settings()
	return err == nil && !s.NoInput && a.sys.Terminal.Stdin && a.sys.Terminal.Stderr
}

// await lets Ctrl-C end a read that may block for good. The read goes on in the
// background until the process ends, which is soon.
func await[A, T any](ctx context.Context, read func(A) (T, error), from A) (T, error) {
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
		return none, errInterrupted
	case got := <-done:
		return got.value, got.err
	}
}

// interruptible is a reader that Ctrl-C ends. It reads into memory of its own,
// since a read that was given up may still be writing there.
func interruptible(ctx context.Context, from io.Reader) io.Reader {
	return &patient{ctx: ctx, from: from, buffer: make([]byte, 64<<10)}
}

type patient struct {
	ctx    context.Context //nolint:containedctx // io.Reader leaves no other way
	from   io.Reader
	buffer []byte
}

// Read is one read of what is behind.
func (p *patient) Read(into []byte) (int, error) {
	n, err := await(p.ctx, p.from.Read, p.buffer[:min(len(into), len(p.buffer))])
	return copy(into, p.buffer[:n]), err
}

// readSecret is term.ReadPassword that ends with ctx, echo restored.
func readSecret(ctx context.Context, fd int) ([]byte, error) {
	before, err := term.GetState(fd)
	if err != nil {
		return nil, err
	}
	defer func() { _ = term.Restore(fd, before) }()
	return await(ctx, term.ReadPassword, fd)
}
