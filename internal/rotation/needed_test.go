package rotation

import (
	"testing"

	"github.com/latch-keys/latch/internal/lattice"
)

// Ahead of every phase are the keys that hosts sign with from the next one on, and
// never one that the rotation gives up.
func TestSeedsAhead(t *testing.T) {
	t.Parallel()
	all := walkThrough(t, []int{0, 0}, lattice.Observed)
	for i, want := range []string{"key-0", "key-0.2", "key-0.2", "key-0.2", "key-0.2"} {
		got := SeedsAhead(all[i])
		if len(got) != 1 || got[0].Name != want {
			t.Errorf("%s: got %v, want %s", PhaseOf(all[i]), got, want)
		}
	}
	back, err := Abort(all[3], testStart())
	if err != nil {
		t.Fatal(err)
	}
	if got := SeedsAhead(back); len(got) != 1 || got[0].Name != "key-0" {
		t.Errorf("on the way back: %v", got)
	}
}
