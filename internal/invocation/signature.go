package invocation

import "filippo.io/edwards25519"

// onCurve tells whether the bytes are a point, as every Ed25519 library does
// before it verifies: y may be above the prime, and the order may be small.
func onCurve(raw []byte) bool {
	_, err := new(edwards25519.Point).SetBytes(raw)
	return err == nil
}
