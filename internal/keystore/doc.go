// Package keystore is where seeds rest: one interface, several stores, chosen
// by URI and never by silent fallback.
//
//	keyring:   the keyring of the operating system
//	dir:DIR    plain NAME.nk files in a folder of one's own
//	env:       read only, LATCH_SEED_<NAME>
//
// Putting a seed means to write it, read it back, derive its public key and
// compare. A different seed is never replaced. What cannot be reached is an
// error and never looks like an empty store; nor does what is corrupt.
package keystore
