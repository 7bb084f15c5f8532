// Package lattice is the manifest of a lattice: which cluster keys there are,
// which host signs with which, and whom every host accepts.
//
// A manifest is a YAML file that people keep in git. It is decoded strictly, it
// is edited by splicing its source so that comments and order stay byte for
// byte, and it never holds a seed. The rules that make a lattice work are
// judged by Check, without any secret.
//
// The package reads no clock, no environment and no randomness of its own.
package lattice
