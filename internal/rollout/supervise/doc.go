// Package supervise keeps one host running, and starts it anew when what it would be
// told is no longer what it was told: drained first, in its turn among the hosts of
// its lattice. It never touches a host that runs because something could not be read.
package supervise
