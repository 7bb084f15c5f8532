package permissions

import (
	"testing"

	"github.com/latch-keys/latch/internal/wasmcloud"
)

// TestHearsToo: lattices of different names are apart, but for the names that are
// words of subjects, and for topics that lie within each other.
func TestHearsToo(t *testing.T) {
	t.Parallel()
	of := func(target, lattice, topic string) Setup {
		parsed, err := wasmcloud.ParseTarget(target)
		if err != nil {
			t.Fatal(err)
		}
		return Setup{Target: parsed, Lattice: lattice, TopicPrefix: topic}
	}
	newest := wasmcloud.AllTargets()[len(wasmcloud.AllTargets())-1].String()
	for _, c := range []struct {
		a, b Setup
		want bool
	}{
		{of("rust-0.82", "prod", ""), of("rust-0.82", "stage", ""), false},
		{of("rust-0.82", "prod", ""), of("otp", "prod", ""), true},
		{of("otp", "prod", ""), of(newest, "stage", ""), false},
		{of("otp", "v1", ""), of(newest, "stage", ""), true}, // wasmbus.ctl.v1 begins what hosts from 1.0 on hear
		{of("otp", "v1", ""), of(newest, "auction", ""), true},
		{of("rust-0.82", "prod", "acme"), of("rust-0.82", "prod", ""), true}, // by their calls
		{of("rust-0.82", "auction", "wasmbus.ctl.prod"), of("rust-0.82", "prod", ""), true},
		{of("rust-0.82", "stage", "wasmbus.ctl.prod"), of("rust-0.82", "prod", ""), true},
		{of("rust-0.82", "stage", "wasmbus.ctl.prod"), of("rust-0.82", "test", ""), false},
	} {
		mine, theirs, got := c.a.HearsToo(c.b)
		if _, _, other := c.b.HearsToo(c.a); got != c.want || other != c.want {
			t.Errorf("%s and %s: %t (%s, %s), want %t", c.a.Lattice, c.b.Lattice, got, mine, theirs, c.want)
		}
	}
	for word, want := range map[string]bool{"v1": true, "wasmbus": true, "prod": false, "default": false} {
		if IsWord(word) != want {
			t.Errorf("%s is a word: %t", word, !want)
		}
	}
}
