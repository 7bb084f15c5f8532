package wasmbus

import (
	"time"

	"github.com/latch-keys/latch/internal/lattice"
)

// Presence is whether a host that was started anew is seen.
type Presence int

// What can be seen of it.
const (
	Absent    Presence = iota // it does not answer
	Otherwise                 // it answers, and not as it was told
	Arrived                   // it answers as it was told, or as something newer says
)

// Presence looks for a host that was told to stand so by a generation of the manifest.
// Of hosts that say how long they have been running only those count that have for no
// longer than age, where that is not zero: others run as the same host. What a version
// does not say of its keys is taken from its label.
func (s Status) Presence(want lattice.Standing, generation uint64, age time.Duration) Presence {
	best := Absent
	for _, row := range s.Rows {
		switch r := row.Reply; {
		case !row.Member || row.Host != want.Host:
		case row.Verdict == Conflicts:
			best = max(best, Otherwise)
		case r == nil || age > 0 && r.Uptime > age:
		case r.arrived(want, generation):
			best = Arrived
		default:
			best = max(best, Otherwise)
		}
	}
	return best
}

func (r *Reply) arrived(want lattice.Standing, generation uint64) bool {
	now := r.Generation()
	switch {
	case now > generation:
		return true
	case r.Ignores || !r.Tells:
		return now == generation
	}
	return (now == generation || now == 0) && r.Signs == want.Signs && r.Accepts.SameSet(want.Accepts)
}
