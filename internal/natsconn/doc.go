// Package natsconn connects to NATS, for everything in latch that does: to which
// servers, over which TLS, as whom, and within which time. It tells which step of
// connecting failed, where the library says only that no server is available, and
// collects what a server forbids, which it tells nobody but an error handler.
package natsconn
