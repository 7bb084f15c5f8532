package app

import (
	"context"
	"io"

	"github.com/latch-keys/latch/internal/safefile/system"
	"github.com/latch-keys/latch/internal/terminal"
)

// keepDescriptors keeps what the person handed to latch alone, read or not, from
// the programs that it starts.
func (a *App) keepDescriptors() {
	if a.flags.root.PersistentFlags().Changed(passphraseFD) {
		system.CloseOnExec(a.flags.fd)
	}
	for _, path := range []string{a.loaded.Load().IdentityFile, a.loaded.Load().PassphraseFile} {
		if fd, is := system.DescriptorIn(path); is {
			system.CloseOnExec(fd)
		}
	}
}

// stdin is the standard input, for as long as nothing interrupts.
func (a *App) stdin(ctx context.Context) io.Reader { return terminal.Interruptible(ctx, a.Sys.Stdin) }
