// Package env makes the environment of each host: the values of the variables that
// latch writes, and the files that carry them.
//
// A Builder makes the hosts' Environments from the manifest and the seeds they
// sign with; a Dialect renders one, Write puts the files of many hosts on disk as
// one set, Child hands one to a process. Which target reads which variable,
// wasmcloud knows; every dialect is one row of Dialects. What files say in turn is
// read by the package envfile, which knows nothing of this one.
//
// A seed is held as keys.Seed until it is rendered, so that nothing here prints
// one by accident. Seeds are handed in: the package knows no keystore, and it
// reads no clock, no environment and no randomness of its own.
package env
