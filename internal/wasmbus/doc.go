// Package wasmbus is the live lattice: it asks the hosts that run who they are,
// over NATS, and holds what they say against the manifest. Nothing that a host
// says is signed: whoever may use the account can answer in its place.
package wasmbus
