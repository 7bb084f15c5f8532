package live_test

import (
	"slices"
	"testing"

	"github.com/latch-keys/latch/cmd/app/live"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/wasmbus"
)

// What else came than answers is said, each thing once, and nothing where all was
// well.
func TestRemarks(t *testing.T) {
	t.Parallel()
	got := live.Remarks(wasmbus.Answers{
		Outcome:   wasmbus.Answered,
		Forbidden: []natsconn.Denial{{Action: natsconn.Publish, Subject: "wasmbus.ctl.v1.prod.host.ping"}},
		Malformed: map[string]int{"it is no JSON document": 2}, Duplicates: 1, Dropped: 3,
	})
	want := []string{
		"the server forbids publishing to wasmbus.ctl.v1.prod.host.ping: hosts that listen there are not seen",
		"1 answer said again what a host had said",
		"2 answers could not be read: it is no JSON document",
		"3 answers had to be dropped: more came than could be read or kept",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if got := live.Remarks(wasmbus.Answers{Outcome: wasmbus.Answered}); got != nil {
		t.Errorf("all is well, and it says %q", got)
	}
}
