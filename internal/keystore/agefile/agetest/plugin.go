// Package agetest is a plugin of age that tests run as a program of its own: it holds
// identities as a hardware token would, and asks, confirms or takes its time.
package agetest

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"filippo.io/age"
	"filippo.io/age/plugin"
)

// Name is that of the plugin, and Program that of its program.
const (
	Name    = "latchtest"
	Program = "age-plugin-" + Name
)

// Mode is how an identity of the plugin behaves.
type Mode byte

// The modes.
const (
	Opens    Mode = iota + 'a' // without a word
	AsksPIN                    // which is PIN
	Confirms                   // and is told yes or no
	Hangs                      // for longer than anybody waits
	Fails
)

// PIN is what opens an identity that asks for one.
const PIN = "2718"

// IsPlugin tells whether a test binary was started as the plugin.
func IsPlugin() bool { return strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe") == Program }

// New makes an identity that the plugin holds: the line of a file of identities, and
// the recipient.
func New(mode Mode) (identity, recipient string, err error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return "", "", err
	}
	return plugin.EncodeIdentity(Name, append([]byte{byte(mode)}, id.String()...)),
		plugin.EncodeRecipient(Name, append([]byte{byte(mode)}, id.Recipient().String()...)), nil
}

// Main is the plugin.
func Main() int {
	p, err := plugin.New(Name)
	if err != nil {
		return 1
	}
	p.HandleRecipient(func(data []byte) (age.Recipient, error) { return age.ParseX25519Recipient(string(data[1:])) })
	p.HandleIdentity(func(data []byte) (age.Identity, error) {
		id, err := age.ParseX25519Identity(string(data[1:]))
		return held{p, Mode(data[0]), id}, err
	})
	return p.Main()
}

type held struct {
	*plugin.Plugin
	mode Mode
	id   *age.X25519Identity
}

// Unwrap does what the mode says.
func (h held) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	switch h.mode {
	case AsksPIN:
		if pin, err := h.RequestValue("PIN?", true); err != nil || pin != PIN {
			return nil, errors.New("wrong PIN")
		}
	case Confirms:
		if err := h.DisplayMessage("look at the token"); err != nil {
			return nil, err
		}
		if yes, err := h.Confirm("open it?", "yes", "no"); err != nil || !yes {
			return nil, errors.New("declined")
		}
	case Hangs:
		time.Sleep(30 * time.Second) // for a test; a process that nobody waits for must end
	case Fails:
		return nil, errors.New("the token is gone")
	}
	return h.id.Unwrap(stanzas)
}
