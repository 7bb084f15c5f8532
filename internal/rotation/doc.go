// Package rotation replaces cluster keys without a refused call: a pure plan
// over a manifest, what is known of the hosts, and the time.
//
// S(h) is the key that host h signs with, V(h) the issuers it accepts. Both
// change only when h restarts, so that during a deploy any hosts are old and the
// rest new. The promise is that whatever the mix, S(a) is in V(b) for every two
// hosts. Hence one kind of change per phase, and no phase before the last one is
// known to be on every host:
//
//	introduce   V = {old, new}   S = old
//	switch      V = {old, new}   S = new
//	retire      V = {new}        S = new
//
// Every function takes a manifest and gives the one that is to follow; saving it
// and telling the hosts is the caller's. Times are in UTC and whole seconds.
package rotation
