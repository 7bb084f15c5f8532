// Package env is what a host is told: which environment variables it reads,
// their values, and the files that carry them.
//
// For makes a host's Environment from the manifest and the seed it signs with;
// a Dialect renders it, Write puts the files of many hosts on disk, Child hands
// it to a process. Which target reads which variable is one table, Variables;
// every dialect is one file.
//
// A seed is held as keys.Seed until it is rendered, so that nothing here prints
// one by accident. Seeds are handed in: the package knows no keystore, and it
// reads no clock, no environment and no randomness of its own.
package env
