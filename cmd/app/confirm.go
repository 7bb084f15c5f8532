package app

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"strings"
	"syscall"

	"github.com/latch-keys/latch/internal/bounded"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/printable"
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
	agreed, err := a.Agrees(ctx, question)
	if err == nil && !agreed {
		err = fault.New(fault.Refused, "not confirmed; nothing was changed")
	}
	return err
}

// Agrees asks a question that --yes does not answer. There must be somebody to ask.
func (a *App) Agrees(ctx context.Context, question string) (bool, error) {
	answer, err := a.Ask(ctx, question+" [y/N] ")
	answer = strings.ToLower(answer)
	return answer == "y" || answer == "yes", err
}

// ConfirmLattice asks for a lattice's name before something that the whole lattice
// suffers from: --yes does not answer. given is what --confirm says.
func (a *App) ConfirmLattice(ctx context.Context, name, given string) error {
	const wrong = "that is not the name of this lattice; nothing was changed"
	switch {
	case given == name:
		return nil
	case given != "":
		return fault.New(fault.Refused, wrong).WithHint("latch lattice show")
	case !a.CanAsk():
		return fault.New(fault.Refused, "this needs the lattice's name, and there is no terminal to ask on").WithHint("add --confirm with the lattice's name")
	}
	answer, err := a.Ask(ctx, "Type the name of the lattice to go on: ")
	if err != nil {
		return err
	}
	if answer != name {
		return fault.New(fault.Refused, wrong)
	}
	return nil
}

// Ask reads an answer from the terminal, whose end is an answer too: none.
func (a *App) Ask(ctx context.Context, question string) (string, error) {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGQUIT) // whose trace would hold what was typed
	defer stop()
	fmt.Fprint(a.Sys.Stderr, a.wrap(printable.Line(question), 0))
	answer, err := bounded.Call(ctx, func() (string, error) { return bufio.NewReader(a.Sys.Stdin).ReadString('\n') })
	if err != nil {
		fmt.Fprintln(a.Sys.Stderr)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fault.New(fault.Failed, "failed to read the answer").Because(err)
	}
	return strings.TrimSpace(answer), nil
}

// AskSecret reads a line that is not echoed.
func (a *App) AskSecret(ctx context.Context, prompt string) ([]byte, error) {
	if !a.CanAsk() {
		return nil, fault.New(fault.Failed, "there is nothing to read, and latch may not ask").WithHint("pass it on stdin with -")
	}
	ask := func() { fmt.Fprint(a.Sys.Stderr, printable.Line(prompt)) }
	ask()
	text, err := a.Sys.ReadSecret(ctx, ask)
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
