// Package process is the running process as values: arguments, environment,
// streams, terminal, clock and randomness, and what its files' places are. Tests
// stand in for it.
package process
