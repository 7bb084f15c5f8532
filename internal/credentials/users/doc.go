// Package users issues the NATS users of a lattice's hosts and revokes them: user
// JWTs with the permissions that are handed in, signed by the key of their account
// or by a signing key of it, and account JWTs that name the users which servers
// refuse. It opens no keystore and talks to no server.
package users
