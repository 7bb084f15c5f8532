package keys

import (
	"github.com/nats-io/nkeys"

	"github.com/latch-keys/latch/internal/fault"
)

// Sign signs a message by Ed25519, as NATS and wasmCloud hosts do: the nonce of
// a NATS server, the claims of an invocation. A curve seed signs nothing.
func (s Seed) Sign(message []byte) ([]byte, error) {
	switch {
	case s.IsZero():
		return nil, fault.New(fault.Failed, "cannot sign: there is no seed")
	case s.Kind() == Curve:
		return nil, fault.New(fault.Failed, "cannot sign with %s: a curve key encrypts", s.public)
	}
	pair, err := nkeys.FromRawSeed(signer(s.Kind()), s.open().raw[:])
	if err != nil {
		return nil, fault.New(fault.Failed, "failed to sign with %s", s.public).Because(err)
	}
	defer pair.Wipe()
	return pair.Sign(message)
}

// Verify reports by an error that signature is not the key's own of message.
// Nothing verifies under a key that anyone can sign for, or under a curve key.
func (p PublicKey) Verify(message, signature []byte) error {
	switch err := p.sound(); {
	case p.IsZero():
		return fault.New(fault.Failed, "cannot verify: there is no public key")
	case p.kind == Curve:
		return fault.New(fault.Failed, "cannot verify with %s: a curve key encrypts", p)
	case err != nil:
		return fault.New(fault.No, "%s is %v: no signature counts under it", p, err)
	}
	text, err := nkeys.Encode(signer(p.kind), p.raw[:])
	if err != nil {
		return fault.New(fault.Failed, "failed to verify with %s", p).Because(err)
	}
	pair, err := nkeys.FromPublicKey(string(text))
	if err != nil {
		return fault.New(fault.Failed, "failed to verify with %s", p).Because(err)
	}
	if pair.Verify(message, signature) != nil {
		return fault.New(fault.No, "the signature is not that of %s", p)
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
