// Package wasmbustest simulates the hosts of a lattice: each answers pings over real
// NATS in the shape of its version, and may be late, silent, wrong or hostile. What
// it is started with is an env file that latch wrote, read as that version reads it.
package wasmbustest
