//go:build unix

package lattice

import (
	"syscall"
	"testing"
	"time"
)

// TestWorkGrowsWithTheManifest: ten times the hosts take at most forty times as
// long, where work on pairs would take a hundred. What counts is the processor's
// time, so that a busy machine makes no difference.
func TestWorkGrowsWithTheManifest(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds")
	}
	const few, many, most = 300, 3000, 40
	for name, work := range works() {
		small, large := fastest(t, work(t, few)), fastest(t, work(t, many))
		if floor := 2 * time.Millisecond; large > floor && large > most*max(small, floor/most) {
			t.Errorf("%s: %d take %v, %d take %v", name, few, small, many, large)
		}
	}
}

// fastest is the least processor time that the work takes.
func fastest(t *testing.T, do func()) time.Duration {
	t.Helper()
	least := time.Hour
	for range 3 {
		before := processorTime(t)
		do()
		least = min(least, processorTime(t)-before)
	}
	return least
}

func processorTime(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
