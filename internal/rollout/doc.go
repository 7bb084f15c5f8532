// Package rollout restarts the hosts of a lattice one after another when what they are
// told changes, without anybody in charge. Each host has a supervisor; they agree by
// one small record, which every one of them changes by compare and set: who is having
// its turn, and at which hosts the roll-out has halted.
//
// A turn is a lease. Its holder renews it; who waits takes it for expired when it has
// seen no renewal for the length of the lease, by its own monotonic clock. So no two
// clocks are ever compared, and one that jumps makes a wait longer at most: a holder
// counts by whichever of its clocks says that more time has passed, and who waits
// by the one that cannot jump. A turn that has expired makes nobody's host come back:
// the next begins only once that host has been seen.
package rollout
