// Package issuerscmd is `latch issuers`: the keys that hosts accept, and their
// rotation.
package issuerscmd
