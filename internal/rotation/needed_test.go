package rotation

import (
	"strings"
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
	for want, s := range map[string]Selection{"key-1 key-0.2": {Retire: []string{"key-0"}}, "key-0 key-1 prod-host-0": {Hosts: []string{"host-0"}}} {
		partly, err := started(standard(), shaped([]int{0, 1, 0}), s, 100, testStart())
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, is := range SeedsAhead(partly) {
			got = append(got, is.Name)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("keys that stay, in phase introduce: %q, want %s", got, want)
		}
	}
}

// A key is called what the manifest or its rotation calls it, any other by its text.
func TestKeyNames(t *testing.T) {
	t.Parallel()
	all := walkThrough(t, []int{0}, lattice.Observed)
	old, unknown := all[0].Issuers[0].PublicKey, testIssuer("", 77).PublicKey
	for i, want := range []string{"key-0", "key-0", "key-0", "key-0", old.String()} {
		if got := all[i].KeyNames()(old); got != want {
			t.Errorf("%s: got %s, want %s", PhaseOf(all[i]), got, want)
		}
	}
	if got := all[0].KeyNames()(unknown); got != unknown.String() {
		t.Errorf("unknown: %s", got)
	}
}
