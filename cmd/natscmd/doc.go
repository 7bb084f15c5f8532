// Package natscmd is `latch nats`: what the users of a lattice may do on NATS.
package natscmd
