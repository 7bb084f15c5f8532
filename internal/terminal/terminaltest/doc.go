// Package terminaltest is the terminal of a person, for tests: it runs a command on
// one, tells what stands on its screen, and draws that.
package terminaltest
