// Package vaulttest is a small stand-in for a Vault server: a KV version 2 mount called
// secret, one of version 1 called old, and tokens. make interop-vault asks it and a real
// server the same, and compares the answers.
package vaulttest
