// Package keyring is the keystore in the keyring of the operating system. Each
// seed is an item of its own, its user the public key; which names there are an
// index beside it knows, since keyrings cannot be listed.
package keyring
