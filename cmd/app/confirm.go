package app

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/terminal"
)

// Confirm asks before something that cannot be undone. --yes answers; without
// a terminal, or with --no-input, not being asked is a refusal.
func (a *App) Confirm(ctx context.Context, question string) error {
	if a.flags.yes {
		return nil
	}
	if !a.CanAsk() {
		return fault.New(fault.Refused, "this needs to be confirmed, and there is no terminal to ask on").WithHint("add --yes")
	}
	fmt.Fprintf(a.Sys.Stderr, "%s [y/N] ", question)
	answer, err := terminal.Await(ctx, bufio.NewReader(a.Sys.Stdin).ReadString, '\n')
	if err != nil && answer == "" {
		fmt.Fprintln(a.Sys.Stderr)
		return fmt.Errorf("failed to read the answer: %w", err)
	}
	if answer = strings.ToLower(strings.TrimSpace(answer)); answer != "y" && answer != "yes" {
		return fault.New(fault.Refused, "not confirmed; nothing was changed")
	}
	return nil
}

// AskSecret reads a line that is not echoed.
func (a *App) AskSecret(ctx context.Context, prompt string) ([]byte, error) {
	if !a.CanAsk() {
		return nil, fault.New(fault.Failed, "there is nothing to read, and latch may not ask").WithHint("pass it on stdin with -")
	}
	fmt.Fprint(a.Sys.Stderr, prompt)
	text, err := a.Sys.ReadSecret(ctx)
	fmt.Fprintln(a.Sys.Stderr)
	if err != nil {
		return nil, fmt.Errorf("failed to read from the terminal: %w", err)
	}
	return text, nil
}

// CanAsk reports whether there is a person at a terminal who may be asked.
func (a *App) CanAsk() bool {
	s, err := a.Settings()
	return err == nil && !s.NoInput && a.Sys.Terminal.Stdin && a.Sys.Terminal.Stderr
}
