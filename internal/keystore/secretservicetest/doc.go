// Package secretservicetest runs, inside a test, a private D-Bus session bus
// with a real Secret Service on it, gnome-keyring, in every state that latch
// must tell apart. Nothing outlives the test.
//
// The D-Bus library keeps one session connection per process, which follows
// the environment of that process: run what is to use the bus in a child with
// the Environ given.
package secretservicetest
