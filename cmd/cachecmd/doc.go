// Package cachecmd is `latch cache`: what JetStream keeps of a lattice is shown,
// purged, and put back from a copy.
package cachecmd
