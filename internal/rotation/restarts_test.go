package rotation

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/latch-keys/latch/internal/lattice"
)

// Each step of the order is the first of the cheapest there are, and its cost is
// what a count of all pairs gives.
func TestRestartOrderIsCheapestStepByStep(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6).Draw(t, "hosts")
		issuer := rapid.IntRange(0, 3)
		draw := func(label string) []lattice.Standing {
			all := make([]lattice.Standing, n)
			for i := range all {
				all[i] = lattice.Standing{Host: fmt.Sprint(i), Signs: testIssuer("", issuer.Draw(t, label)).PublicKey}
				for range issuer.Draw(t, label) {
					all[i].Accepts = append(all[i].Accepts, testIssuer("", issuer.Draw(t, label)).PublicKey)
				}
			}
			return all
		}
		before, after := draw("before"), draw("after")
		now, restarted := slices.Clone(before), make([]bool, n)
		for _, r := range RestartOrder(before, after) {
			first, least := -1, 0
			for i := range now {
				if restarted[i] {
					continue
				}
				if cost := betweenHosts(replaced(now, i, after[i])); first < 0 || cost < least {
					first, least = i, cost
				}
			}
			if before[first].Host != r.Host || least != r.Refused {
				t.Fatalf("restarting %s is said to cost %d; %s is the first of the cheapest, with %d", r.Host, r.Refused, before[first].Host, least)
			}
			now[first], restarted[first] = after[first], true
		}
	})
}

func replaced(all []lattice.Standing, i int, by lattice.Standing) []lattice.Standing {
	all = slices.Clone(all)
	all[i] = by
	return all
}

// betweenHosts counts the refusals between different hosts.
func betweenHosts(all []lattice.Standing) int {
	n := 0
	for _, r := range lattice.NewMatrix(all).Refusals() {
		if r.Signer != r.Acceptor {
			n++
		}
	}
	return n
}
