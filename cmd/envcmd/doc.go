// Package envcmd is `latch env`: the environments of hosts are written, printed,
// run with and judged.
package envcmd
