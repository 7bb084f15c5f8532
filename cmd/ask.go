package cmd

import (
	"bufio"
	"context"
	"fmt"
	"strings"

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
