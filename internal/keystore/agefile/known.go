package agefile

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"filippo.io/age"
	"golang.org/x/crypto/ssh"

	"github.com/latch-keys/latch/internal/safefile"
)

// Known is what can be told of a file of identities without a passphrase.
type Known struct {
	Recipients []string // whom its identities open for, as Recipient.Text has them
	Sealed     bool     // a passphrase or a plugin is needed to tell for whom else
}

// Opens tells whether an identity of the file opens for one of the recipients.
func (k Known) Opens(to []Recipient) bool {
	return slices.ContainsFunc(to, func(r Recipient) bool { return slices.Contains(k.Recipients, r.Text) })
}

// LookAt tells of a file of identities whom it opens for. Nothing is asked, and
// the file must be as safe as one that is used: fs.ErrNotExist where there is
// none.
func LookAt(ctx context.Context, path string) (Known, error) {
	data, err := safefile.ReadHanded(ctx, path, identityLimit)
	if err != nil {
		return Known{}, err
	}
	defer clear(data)
	switch {
	case isSealed(data):
		return Known{Sealed: true}, nil
	case bytes.HasPrefix(data, []byte("-----BEGIN")):
		return knownSSH(path, data)
	}
	held, rest := splitPlugins(data)
	defer clear(rest)
	if len(held) > 0 && !holdsMore(rest) {
		return Known{Sealed: true}, nil
	}
	parsed, err := age.ParseIdentities(bytes.NewReader(rest))
	if err != nil { // never with what was found there
		return Known{}, fmt.Errorf("%s is no file of age identities", path)
	}
	known := Known{Sealed: len(held) > 0}
	for _, id := range parsed {
		if text := recipientOf(plain{id}); text != "" {
			known.Recipients = append(known.Recipients, text)
		}
	}
	return known, nil
}

// AreOthers tells whether the recipients, as Recipient.Text has them, are known to be
// others than whom the identities at hand open for: of some nobody can tell.
func (u *Unlocker) AreOthers(ctx context.Context, to []string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.load(ctx) != nil {
		return false
	}
	for _, id := range u.identities {
		if text := recipientOf(id); text == "" || slices.Contains(to, text) {
			return false
		}
	}
	return len(u.identities) > 0
}

// recipientOf is whom an identity opens for, as Recipient.Text has it: "" where that
// cannot be told without a passphrase or a plugin.
func recipientOf(id identity) string {
	switch id := id.(type) {
	case openSSH:
		return id.public
	case *sshKey:
		return id.public
	case plain:
		switch id := id.Identity.(type) {
		case *age.X25519Identity:
			return id.Recipient().String()
		case *age.HybridIdentity:
			return id.Recipient().String()
		}
	}
	return ""
}

// knownSSH reads the public half, which a key with a passphrase shows too.
func knownSSH(path string, data []byte) (Known, error) {
	var locked *ssh.PassphraseMissingError
	signer, err := ssh.ParsePrivateKey(data)
	switch {
	case err == nil:
		return Known{Recipients: []string{spelledSSH(signer.PublicKey())}}, nil
	case errors.As(err, &locked) && locked.PublicKey != nil:
		return Known{Recipients: []string{spelledSSH(locked.PublicKey)}}, nil
	case errors.As(err, &locked):
		return Known{Sealed: true}, nil
	}
	return Known{}, fmt.Errorf("%s is no private key of ssh that latch can read", path)
}

func spelledSSH(public ssh.PublicKey) string {
	return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(public)))
}
