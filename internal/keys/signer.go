package keys

import (
	"crypto/ed25519"
	"errors"
	"fmt"
)

// Signer is a seed that was made ready to sign many messages: Seed.Sign derives
// the key anew for each, which takes as long as the signature. It holds the secret
// until Wipe, and shows nothing of it.
type Signer struct {
	open   func() ed25519.PrivateKey // a function, as in Seed: fmt cannot look into it
	public PublicKey
}

// Signer makes the seed ready to sign many messages. It is the caller's to wipe.
func (s Seed) Signer() (Signer, error) {
	switch {
	case s.IsZero():
		return Signer{}, errors.New("cannot sign: there is no seed")
	case s.Kind() == Curve:
		return Signer{}, fmt.Errorf("cannot sign with %s: a curve key encrypts", s.public)
	}
	private := ed25519.NewKeyFromSeed(s.open().raw[:])
	return Signer{open: func() ed25519.PrivateKey { return private }, public: s.public}, nil
}

// PublicKey is the public half.
func (s Signer) PublicKey() PublicKey { return s.public }

// Sign signs as Seed.Sign does.
func (s Signer) Sign(message []byte) []byte { return ed25519.Sign(s.open(), message) }

// Wipe overwrites the secret. Nothing can be signed afterwards.
func (s Signer) Wipe() {
	if s.open != nil {
		clear(s.open())
	}
}
