// Package keys is the pure core of latch: kinds, seeds, public keys, issuer
// lists, and the exact judgement of whether a wasmCloud host should be given a
// text as a key.
//
// The text form is NATS' nkey form: one or two prefix bytes, 32 bytes of
// payload and a CRC-16 (little-endian), in RFC 4648 base32, upper case, without
// padding. A public key has 56 characters, a seed 58. Parsing here is stricter
// than any reader: the library that wasmCloud hosts link checks no checksum (see
// hosts.go), so that nobody else stands between a slip and a host that signs with
// another key; the Go nkeys library accepts line ends and non-canonical last
// characters, which every host refuses, and knows neither module nor service keys.
//
// The package reads no clock, no environment and no randomness of its own.
package keys
