package invocation

import (
	"crypto/ed25519"

	"filippo.io/edwards25519"
)

// onCurve tells whether the bytes are a point, as every Ed25519 library does
// before it verifies: y may be above the prime, and the order may be small.
func onCurve(raw []byte) bool {
	_, err := new(edwards25519.Point).SetBytes(raw)
	return err == nil
}

// genuine tells whether the signature is the key's over the text. Go's Ed25519
// and ed25519-dalek judge alike: s below the order, R compared as bytes, no
// cofactor. Unlike latch's own keys, points of small order are taken.
func genuine(key hostKey, text, signature []byte) bool {
	return len(signature) == signatureSize && ed25519.Verify(key.raw[:], text, signature)
}
