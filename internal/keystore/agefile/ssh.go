package agefile

import (
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
		clear(data)
		return []identity{plain{id}}, nil
	case errors.As(err, &locked) && locked.PublicKey != nil:
		return lockedSSH(path, data, locked.PublicKey)
	}
	clear(data)
	return nil, fmt.Errorf("%s is no ssh-ed25519 or ssh-rsa private key", path)
}

// sshKey is a private key of ssh that a passphrase opens.
type sshKey struct {
	*agessh.EncryptedSSHIdentity
	path   string
	now    *attempt
	asked  bool
	denied error // why there was no answer
}

func lockedSSH(path string, pem []byte, public ssh.PublicKey) ([]identity, error) {
	key := &sshKey{path: path}
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
