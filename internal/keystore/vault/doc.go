// Package vault keeps seeds where a company may keep its secrets already: a KV
// version 2 mount of OpenBao or Vault. Each seed is a secret, PATH/NAME, whose field
// seed holds it; its public key lies in the secret's own metadata, so that a list
// reads no seed.
//
// Every write is made only over the version that was read. Nothing is removed but by
// its version's number, so that what somebody else has stored meanwhile stays.
package vault
