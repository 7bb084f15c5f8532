package agefile

import (
	"errors"
	"strings"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"filippo.io/age/plugin"

	"github.com/latch-keys/latch/internal/fault"
)

// Recipient is somebody who can open what is sealed: an age or ssh public key,
// or whoever knows a passphrase.
type Recipient struct {
	// Text is the public key as in a recipients file, without a comment:
	// "age1…", "ssh-ed25519 AAAA…", "ssh-rsa AAAA…". Empty for a passphrase.
	Text string
	// Comment says who it is, where the line of an ssh key does.
	Comment string
	key     age.Recipient
}

// ParseRecipient reads one recipient. The error never repeats text, which may
// be a secret in the wrong place, and is of the kind fault.Usage.
func ParseRecipient(text string) (Recipient, error) {
	text = strings.TrimSpace(text)
	kind, rest, _ := strings.Cut(text, " ")
	switch {
	case strings.HasPrefix(text, "age1pq1"):
		key, err := age.ParseHybridRecipient(text)
		return native(text, key, err)
	case strings.HasPrefix(text, "age1") && strings.Contains(text[len("age1"):], "1"):
		name, _, err := plugin.ParseRecipient(text)
		return native(text, pluginRecipient{text, name}, err)
	case strings.HasPrefix(text, "age1"):
		key, err := age.ParseX25519Recipient(text)
		return native(text, key, err)
	case kind == "ssh-ed25519" || kind == "ssh-rsa":
		key, err := agessh.ParseRecipient(text)
		if err != nil {
			return Recipient{}, notRecipient("the %s key is malformed or too weak", kind)
		}
		body, comment, _ := strings.Cut(strings.TrimSpace(rest), " ")
		return Recipient{Text: kind + " " + body, Comment: strings.TrimSpace(comment), key: key}, nil
	case strings.HasPrefix(text, "AGE-SECRET-KEY-"), strings.HasPrefix(text, "AGE-PLUGIN-"), strings.HasPrefix(text, "-----BEGIN ") && strings.Contains(text, " PRIVATE KEY"):
		return Recipient{}, notRecipient("this is an identity, the secret half")
	case isSealed([]byte(text)):
		return Recipient{}, notRecipient("this is the beginning of an encrypted file")
	}
	return Recipient{}, notRecipient("it starts neither with age1 nor with ssh-ed25519 or ssh-rsa")
}

// notRecipient is of the kind fault.Usage.
func notRecipient(format string, args ...any) error {
	return fault.New(fault.Usage, "not a recipient: "+format, args...)
}

func native(text string, key age.Recipient, err error) (Recipient, error) {
	if err != nil {
		return Recipient{}, notRecipient("the age key is malformed")
	}
	return Recipient{Text: text, key: key}, nil
}

// Passphrase is the recipient who knows it. work is the scrypt work factor as a
// power of two, zero for age's own (about a second). A passphrase cannot be
// combined with other recipients.
func Passphrase(secret []byte, work int) (Recipient, error) {
	key, err := age.NewScryptRecipient(string(secret))
	if err != nil {
		return Recipient{}, errors.New("the passphrase is empty")
	}
	if work > 0 {
		key.SetWorkFactor(work)
	}
	return Recipient{key: key}, nil
}

// Kind is "age", "ssh-ed25519", "ssh-rsa" or "passphrase".
func (r Recipient) Kind() string {
	switch {
	case r.Text == "":
		return "passphrase"
	case strings.HasPrefix(r.Text, "age1"):
		return "age"
	}
	kind, _, _ := strings.Cut(r.Text, " ")
	return kind
}
