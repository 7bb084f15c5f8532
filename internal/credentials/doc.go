// Package credentials gives what a host proves with who it is: the seed it signs
// with, and its users' JWTs and seeds on each of its connections to NATS. They
// are what the manifest names; seeds come from whoever gives one by name, and
// files are read once, however many hosts share them.
//
// A Login that this package has given is one a server can let in: its seed is
// that of the user its JWT was issued to. Nobody downstream checks again.
package credentials
