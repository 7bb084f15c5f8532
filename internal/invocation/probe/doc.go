// Package probe makes one signed call that does nothing, and reads in the answer
// whether the host that was called accepted it. Every host checks a call's token
// first, and only then looks who calls: a caller that nobody knows is turned away
// there, so that what is called never runs.
package probe
