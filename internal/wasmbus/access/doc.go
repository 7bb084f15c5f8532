// Package access checks whether the hosts of a lattice get to NATS: it connects as
// each of them would, for each purpose, and says which step fails, from the name of
// the server to the right to publish; whether all of them reach one topic space and
// JetStream; and whether they may do what hosts of their target do.
//
// It sends only on subjects with a word of its own, on which nobody listens, and
// reads what JetStream says of streams. It subscribes to no subject that anything
// else is sent to.
package access
