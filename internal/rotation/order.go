package rotation

import (
	"github.com/latch-keys/latch/internal/lattice"
)

// Restart is one step of a deploy without overlap.
type Restart struct {
	Host    string `json:"host"`
	Refused int    `json:"refused"` // ordered pairs of hosts that cannot talk after it
}

// RestartOrder says in which order to restart hosts so that at each step as few
// pairs as possible cannot talk. before and after are the same hosts in the same
// order. Of hosts that are alike the first goes first.
func RestartOrder(before, after []lattice.Standing) []Restart {
	n := len(before)
	both := append(append([]lattice.Standing{}, before...), after...)
	matrix := lattice.NewMatrix(both)
	// at is where each host stands in both: i before its restart, n+i after it.
	at := make([]int, n)
	for i := range at {
		at[i] = i
	}
	// now and then count the refused pairs of each host with the others as they
	// are, itself as it is and as it will be.
	now, then := make([]int, n), make([]int, n)
	refused := 0
	for i := range n {
		for j := range n {
			if i != j {
				now[i] += refusals(matrix, i, j)
				then[i] += refusals(matrix, n+i, j)
			}
		}
		refused += now[i]
	}
	refused /= 2
	order := make([]Restart, 0, n)
	for len(order) < n {
		best := -1
		for i := range n {
			if at[i] == i && (best < 0 || then[i]-now[i] < then[best]-now[best]) {
				best = i
			}
		}
		refused += then[best] - now[best]
		at[best] = n + best
		for i := range n {
			if i != best {
				now[i] += refusals(matrix, at[i], n+best) - refusals(matrix, at[i], best)
				then[i] += refusals(matrix, n+i, n+best) - refusals(matrix, n+i, best)
			}
		}
		order = append(order, Restart{before[best].Host, refused})
	}
	return order
}

// refusals counts which of two hosts refuses the other: 0 to 2.
func refusals(m lattice.Matrix, a, b int) int {
	n := 0
	if !m.Accepts(a, b) {
		n++
	}
	if !m.Accepts(b, a) {
		n++
	}
	return n
}
