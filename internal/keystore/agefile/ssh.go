package agefile

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"golang.org/x/crypto/ssh"
)

func sshIdentity(path string, data []byte) ([]identity, error) {
	id, err := agessh.ParseIdentity(data)
	var locked *ssh.PassphraseMissingError
	switch {
	case err == nil:
		defer clear(data)
		signer, err := ssh.ParsePrivateKey(data)
		if err != nil {
			return nil, fmt.Errorf("%s is no ssh-ed25519 or ssh-rsa private key", path)
		}
		return []identity{openSSH{plain{id}, secretOfSSH(data, nil), spelledSSH(signer.PublicKey())}}, nil
	case errors.As(err, &locked) && locked.PublicKey != nil:
		return lockedSSH(path, data, locked.PublicKey)
	}
	clear(data)
	return nil, fmt.Errorf("%s is no ssh-ed25519 or ssh-rsa private key", path)
}

// openSSH is a private key of ssh that needs no passphrase.
type openSSH struct {
	plain
	secret []byte
	public string // as Recipient.Text has it
}

func (o openSSH) secrets(*attempt) ([][]byte, error) { //nolint:unparam // as other identities
	if o.secret == nil {
		return nil, nil
	}
	return [][]byte{bytes.Clone(o.secret)}, nil
}

// secretOfSSH is the secret half of an ed25519 key, nil of any other.
func secretOfSSH(pem, passphrase []byte) []byte {
	var key any
	var err error
	if passphrase == nil {
		key, err = ssh.ParseRawPrivateKey(pem)
	} else {
		key, err = ssh.ParseRawPrivateKeyWithPassphrase(pem, passphrase)
	}
	private, is := key.(*ed25519.PrivateKey)
	if err != nil || !is {
		return nil
	}
	return private.Seed()
}

// sshKey is a private key of ssh that a passphrase opens.
type sshKey struct {
	*agessh.EncryptedSSHIdentity
	path   string
	public string // as Recipient.Text has it
	pem    []byte // encrypted
	signs  bool   // a signing key follows from it
	now    *attempt
	asked  bool
	denied error // why there was no answer
}

func lockedSSH(path string, pem []byte, public ssh.PublicKey) ([]identity, error) {
	key := &sshKey{path: path, public: spelledSSH(public), pem: pem, signs: public.Type() == ssh.KeyAlgoED25519}
	inner, err := agessh.NewEncryptedSSHIdentity(public, pem, key.answer)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be used: %w", path, err)
	}
	key.EncryptedSSHIdentity = inner
	return []identity{key}, nil
}

func (k *sshKey) answer() ([]byte, error) {
	secret, err := k.now.answer(k.path)
	k.asked, k.denied = true, err
	return secret, err
}

func (k *sshKey) secrets(t *attempt) ([][]byte, error) {
	if !k.signs {
		return nil, nil
	}
	passphrase, err := t.answer(k.path)
	if err != nil {
		return nil, err
	}
	secret := secretOfSSH(k.pem, passphrase)
	if secret == nil {
		t.forget(k.path)
		return nil, t.wrongPassphrase(k.path)
	}
	return [][]byte{secret}, nil
}

func (k *sshKey) use(t *attempt) age.Identity {
	k.now = t
	return k
}

// Unwrap asks for the passphrase only for files sealed to this key.
func (k *sshKey) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	k.asked, k.denied = false, nil
	key, err := k.EncryptedSSHIdentity.Unwrap(stanzas)
	switch {
	case err == nil || errors.Is(err, age.ErrIncorrectIdentity):
		return key, err
	case k.denied != nil:
		return nil, k.now.end(k.denied)
	case k.asked:
		k.now.forget(k.path)
		return nil, k.now.end(k.now.wrongPassphrase(k.path))
	}
	return nil, k.now.end(err)
}
