package agefile

import (
	"context"
	"io"
)

// Unlock is what a person can open sealed files with.
type Unlock struct {
	IdentityFiles []string // those that are not there are passed over; "-" is Stdin
	Stdin         func(ctx context.Context) io.Reader
	Named         bool // the person named them, so each must be there
	// Passphrase asks for the one for what it is told; nil: there is nobody to ask.
	Passphrase func(ctx context.Context, what string) ([]byte, error)
	// Talk is for plugins that hold an identity.
	Talk Talk
	// WorkFactor is that of scrypt, as a power of two, for what is sealed with a
	// passphrase; zero for age's own, about a second.
	WorkFactor int
}

// Unlocker opens age files; subject is what it asks a passphrase for.
func (u Unlock) Unlocker(subject string) *Unlocker {
	return &Unlocker{files: u.IdentityFiles, stdin: u.Stdin, named: u.Named, subject: subject, ask: u.Passphrase, talk: u.Talk}
}
