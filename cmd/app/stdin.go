package app

import (
	"context"
	"fmt"
	"io"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/safefile"
	"github.com/latch-keys/latch/internal/terminal"
)

// ReadStdin reads all of the standard input, which must not be more than so many bytes,
// nor what opens sealed files.
func (a *App) ReadStdin(ctx context.Context, most int) ([]byte, error) {
	if secret := a.secretOnStdin(); secret != "" {
		return nil, fault.New(fault.Usage, "stdin is %s, and can be nothing else", secret).WithHint("give one of the two as a file")
	}
	text, err := io.ReadAll(io.LimitReader(a.stdin(ctx), int64(most)+1))
	if err == nil && len(text) <= most {
		return text, nil
	}
	clear(text)
	if err != nil {
		return nil, fmt.Errorf("failed to read from stdin: %w", err)
	}
	return nil, fault.New(fault.Failed, "stdin holds more than %d bytes", most)
}

// ReadNamed reads the file that a person named, or the standard input for "-"; at most
// so many bytes. It also gives what to call it.
func (a *App) ReadNamed(ctx context.Context, path string, access safefile.Access, most int) (data []byte, where string, err error) {
	if path == "-" {
		data, err = a.ReadStdin(ctx, most)
		return data, "stdin", err
	}
	data, err = safefile.Read(path, access, int64(most))
	return data, path, err
}

// secretOnStdin names the secret that the person hands over on stdin, "" for none.
func (a *App) secretOnStdin() string {
	s := a.loaded.Load()
	if s == nil {
		return ""
	}
	switch {
	case s.IdentityFile == "-":
		return "the identity"
	case a.onStdin():
		return "the passphrase"
	}
	return ""
}

// stdin is the standard input, for as long as nothing interrupts.
func (a *App) stdin(ctx context.Context) io.Reader { return terminal.Interruptible(ctx, a.Sys.Stdin) }
