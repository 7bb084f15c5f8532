package keys

import (
	"crypto/ed25519"
	"errors"
	"fmt"

	"github.com/nats-io/nkeys"
)

// Sign signs a message by Ed25519, as NATS and wasmCloud hosts do: the nonce of
// a NATS server, the claims of an invocation. A curve seed signs nothing.
func (s Seed) Sign(message []byte) ([]byte, error) {
	switch {
	case s.IsZero():
		return nil, errors.New("cannot sign: there is no seed")
	case s.Kind() == Curve:
		return nil, fmt.Errorf("cannot sign with %s: a curve key encrypts", s.public)
	}
	pair, err := nkeys.FromRawSeed(signer(s.Kind()), s.open().raw[:])
	if err != nil {
		return nil, fmt.Errorf("failed to sign with %s: %w", s.public, err)
	}
	defer pair.Wipe()
	return pair.Sign(message)
}

// Verify reports by an error that signature is not the key's own of message.
// Nothing verifies under a key that anyone can sign for, or under a curve key.
func (p PublicKey) Verify(message, signature []byte) error {
	switch err := p.sound(); {
	case p.IsZero():
		return errors.New("cannot verify: there is no public key")
	case p.kind == Curve:
		return fmt.Errorf("cannot verify with %s: a curve key encrypts", p)
	case err != nil:
		return fmt.Errorf("%s is %w: no signature counts under it", p, err)
	}
	text, err := nkeys.Encode(signer(p.kind), p.raw[:])
	if err != nil {
		return fmt.Errorf("failed to verify with %s: %w", p, err)
	}
	pair, err := nkeys.FromPublicKey(string(text))
	if err != nil {
		return fmt.Errorf("failed to verify with %s: %w", p, err)
	}
	if pair.Verify(message, signature) != nil {
		return fmt.Errorf("the signature is not that of %s", p)
	}
	return nil
}

// signer is the prefix under which nkeys is given a key. It knows neither module
// nor service keys; the prefix is no part of what is signed.
func signer(kind Kind) nkeys.PrefixByte {
	if kind == Module || kind == Service {
		return nkeys.PrefixByteAccount
	}
	return nkeys.PrefixByte(kind.prefix())
}

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
