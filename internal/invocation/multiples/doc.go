// Package multiples verifies Ed25519 signatures of keys that sign often: with the
// multiples of a key at hand, the very point that crypto/ed25519 compares is found
// at a quarter of the cost.
package multiples
