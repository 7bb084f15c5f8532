// Package permissions says what a NATS user of a lattice must be allowed, and
// why: the least for each role, derived from what programs do on NATS, the forms
// that servers and tools read it in, and what is missing or too much in rights
// that somebody was given. It connects to nothing.
//
// Permissions are no wall between two lattices in one account: streams, mirrors
// and the answers of others reach beyond them. An account for each lattice is;
// permissions tell apart the roles inside.
package permissions
