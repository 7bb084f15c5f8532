package keys

import (
	"crypto/ed25519"
	"errors"
	"fmt"
)

// Signer signs many messages with one seed: what half of the work of a signature
// goes into, the derivation of the key, is done once. Like a Seed it prints as its
// public key.
type Signer struct {
	open   func() *signing // a function, as in Seed
	public PublicKey
}

type signing struct{ private ed25519.PrivateKey }

// Signer gives a signer with the seed, which may be wiped: the signer has what it
// needs of it, and is to be wiped itself.
func (s Seed) Signer() (Signer, error) {
	switch {
	case s.IsZero():
		return Signer{}, errors.New("cannot sign: there is no seed")
	case s.Kind() == Curve:
		return Signer{}, fmt.Errorf("cannot sign with %s: a curve key encrypts", s.public)
	}
	box := &signing{ed25519.NewKeyFromSeed(s.open().raw[:])}
	return Signer{func() *signing { return box }, s.public}, nil
}

// PublicKey is whose signatures they are.
func (s Signer) PublicKey() PublicKey { return s.public }

// Sign is Seed.Sign.
func (s Signer) Sign(message []byte) ([]byte, error) {
	if s.open == nil || s.open().private == nil {
		return nil, errors.New("cannot sign: there is no seed")
	}
	return ed25519.Sign(s.open().private, message), nil
}

// Wipe overwrites the secret, in every copy of s.
func (s Signer) Wipe() {
	if s.open != nil {
		box := s.open()
		clear(box.private)
		box.private = nil
	}
}

// String gives the public key.
func (s Signer) String() string { return s.public.String() }
