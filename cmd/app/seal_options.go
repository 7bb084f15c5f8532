package app

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/safefile"
)

// recipientsLimit bounds a recipients file, in bytes.
const recipientsLimit = 1 << 20

// SealOptions say for whom something is encrypted.
type SealOptions struct {
	to         []string
	file       string
	Passphrase bool
}

// Register adds the flags.
func (o *SealOptions) Register(c *cobra.Command) {
	flags := c.Flags()
	flags.StringArrayVar(&o.to, "to", nil, "encrypt to this recipient, an age1... or ssh public key (repeatable)")
	flags.StringVar(&o.file, "recipients-file", "", "encrypt to the recipients in this file, one a line; - for stdin")
	flags.BoolVar(&o.Passphrase, "passphrase", false, "encrypt with a passphrase")
}

// Given reports whether any of the flags was given.
func (o *SealOptions) Given() bool { return len(o.to) > 0 || o.file != "" || o.Passphrase }

// SealRecipients are those named, in flags and file; none with a passphrase.
func (a *App) SealRecipients(c *cobra.Command, o *SealOptions) ([]agefile.Recipient, error) {
	switch {
	case !o.Given():
		return nil, UsageIn(c, "say who can open it: --to RECIPIENT, --recipients-file FILE or --passphrase")
	case o.Passphrase && (len(o.to) > 0 || o.file != ""):
		return nil, UsageIn(c, "use either --passphrase or recipients, not both")
	}
	return a.ReadRecipients(c.Context(), o.to, o.file)
}

// ReadRecipients reads those given as text and those in a file, or on stdin for "-".
func (a *App) ReadRecipients(ctx context.Context, texts []string, path string) ([]agefile.Recipient, error) {
	var all []agefile.Recipient
	for _, text := range texts {
		r, err := agefile.ParseRecipient(text)
		if err != nil {
			return nil, fault.Hint(err, "give a public key: age1..., or a line of an ssh .pub file in quotes")
		}
		all = append(all, r)
	}
	if path == "" {
		return all, nil
	}
	const form = "one public key a line: age1..., ssh-ed25519 ... or ssh-rsa ..."
	data, where, err := a.ReadNamed(ctx, path, safefile.Shared, recipientsLimit)
	if err != nil {
		return nil, err
	}
	list, err := agefile.ParseList(data)
	if err != nil {
		return nil, fault.New(fault.Failed, "%s", where).Because(err).WithHint(form)
	}
	named := list.Recipients()
	if len(named) == 0 {
		return nil, fault.New(fault.Failed, "%s names no recipient", where).WithHint(form)
	}
	return append(all, named...), nil
}

// Seal encrypts data for those named; what is what it is, in a question.
func (a *App) Seal(ctx context.Context, o *SealOptions, to []agefile.Recipient, what string, data []byte) ([]byte, error) {
	if o.Passphrase {
		secret, err := a.NewPassphrase(ctx, what)
		if err != nil {
			return nil, err
		}
		defer clear(secret)
		knower, err := agefile.Passphrase(secret, a.Sys.WorkFactor)
		if err != nil {
			return nil, err
		}
		to = []agefile.Recipient{knower}
	}
	return agefile.Seal(data, to...)
}
