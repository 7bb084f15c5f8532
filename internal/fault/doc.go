// Package fault is the one shape of an error that a person is told: what kind
// of failure it is, what failed, what to type next, and what caused it.
//
// A kind decides how the process ends: its exit code, and the code that JSON
// output gives, stand in one table in kind.go. Rooms make errors with New and
// tell them apart with Is; nobody compares messages.
package fault
