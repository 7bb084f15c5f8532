package app

import (
	"bytes"
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/printable"
	"github.com/latch-keys/latch/internal/safefile"
	"github.com/latch-keys/latch/internal/safefile/system"
	"github.com/latch-keys/latch/internal/terminal"
)

const (
	passphraseFD = "passphrase-fd"
	// passphraseLimit bounds a passphrase, in bytes.
	passphraseLimit = 4096
)

// Unlock is what the person can open sealed files with. A passphrase is read
// when something asks for it.
func (a *App) Unlock() (agefile.Unlock, error) {
	s, err := a.Settings()
	if err != nil {
		return agefile.Unlock{}, err
	}
	u := agefile.Unlock{IdentityFiles: a.Sys.IdentityPlaces(), WorkFactor: a.Sys.WorkFactor, Stdin: a.stdin}
	if s.IdentityFile != "" {
		u.IdentityFiles, u.Named = []string{s.IdentityFile}, true
	}
	u.Talk.Say = func(message string) { a.Say("%s", printable.Line(message)) }
	if a.CanAsk() {
		u.Talk.Ask = a.askForPlugin
	}
	switch {
	case a.handed():
		u.Passphrase = func(ctx context.Context, _ string) ([]byte, error) { return a.handedPassphrase(ctx) }
	case a.CanAsk():
		u.Passphrase = func(ctx context.Context, what string) ([]byte, error) {
			return a.askPassphrase(ctx, "Passphrase for "+what+": ")
		}
	}
	return u, nil
}

// askForPlugin asks what a plugin wants to know.
func (a *App) askForPlugin(ctx context.Context, prompt string, secret bool) (string, error) {
	prompt = printable.Line(prompt)
	if !secret {
		return a.Ask(ctx, prompt)
	}
	text, err := a.AskSecret(ctx, prompt)
	defer clear(text)
	return string(text), err
}

// NewPassphrase is one that is to be set: handed over, or typed twice.
func (a *App) NewPassphrase(ctx context.Context, what string) ([]byte, error) {
	if a.handed() {
		return a.handedPassphrase(ctx)
	}
	if !a.CanAsk() {
		return nil, fault.New(fault.Failed, "%s needs a passphrase, and there is no terminal to ask on", what).WithHint("use --passphrase-file FILE, or --passphrase-fd 3 3<FILE")
	}
	first, err := a.askPassphrase(ctx, "New passphrase for "+what+": ")
	if err != nil {
		return nil, err
	}
	second, err := a.askPassphrase(ctx, "Repeat it: ")
	defer clear(second)
	if err == nil && subtle.ConstantTimeCompare(first, second) == 0 {
		err = errors.New("the two passphrases differ; nothing was changed")
	}
	if err != nil {
		clear(first)
		return nil, err
	}
	return first, nil
}

func (a *App) askPassphrase(ctx context.Context, prompt string) ([]byte, error) {
	text, err := a.AskSecret(ctx, prompt)
	if err == nil && len(text) == 0 {
		err = errors.New("the passphrase is empty")
	}
	return text, err
}

// byFD reports whether the passphrase is handed over by a descriptor.
func (a *App) byFD() bool { return a.flags.root.PersistentFlags().Changed(passphraseFD) }

// handed reports whether the person said where the passphrase is.
func (a *App) handed() bool { return a.byFD() || a.loaded.Load().PassphraseFile != "" }

// onStdin reports whether the passphrase is handed over there.
func (a *App) onStdin() bool {
	if a.byFD() {
		return a.flags.fd == 0
	}
	return a.loaded.Load().PassphraseFile == "-"
}

// handedPassphrase reads it, once, from where the person said.
func (a *App) handedPassphrase(ctx context.Context) ([]byte, error) {
	if a.secret == nil {
		text, err := a.readPassphrase(ctx)
		if err != nil {
			return nil, fmt.Errorf("failed to read the passphrase: %w", err)
		}
		defer clear(text)
		line := bytes.TrimSuffix(bytes.TrimSuffix(text, []byte("\n")), []byte("\r"))
		if len(line) == 0 {
			return nil, errors.New("the passphrase is empty")
		}
		a.secret = bytes.Clone(line)
	}
	return bytes.Clone(a.secret), nil
}

func (a *App) readPassphrase(ctx context.Context) ([]byte, error) {
	var from io.Reader
	switch {
	case a.onStdin():
		from = a.stdin(ctx)
	case !a.byFD():
		return safefile.ReadHanded(ctx, a.loaded.Load().PassphraseFile, passphraseLimit)
	default:
		file := a.Sys.OpenFD(a.flags.fd)
		defer func() { _ = file.Close() }()
		from = terminal.Interruptible(ctx, file)
	}
	text, err := io.ReadAll(io.LimitReader(from, passphraseLimit+1))
	if err == nil && len(text) > passphraseLimit {
		err = fmt.Errorf("it is longer than %d bytes", passphraseLimit)
	}
	return text, err
}

// keepDescriptors keeps what the person handed to latch alone, read or not, from
// the programs that it starts.
func (a *App) keepDescriptors() {
	if a.byFD() {
		system.CloseOnExec(a.flags.fd)
	}
	for _, path := range []string{a.loaded.Load().IdentityFile, a.loaded.Load().PassphraseFile} {
		if fd, is := system.DescriptorIn(path); is {
			system.CloseOnExec(fd)
		}
	}
}
