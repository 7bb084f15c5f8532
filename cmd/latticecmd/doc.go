// Package latticecmd is `latch lattice`: a lattice's manifest is made, shown and
// judged.
package latticecmd
