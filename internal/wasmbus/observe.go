package wasmbus

import (
	"fmt"
	"time"

	"github.com/latch-keys/latch/internal/lattice"
)

// Observations are what the answers prove of hosts: of one that did not answer, or
// whose version does not say what it accepts, nothing is known. What does not agree
// is in doubt. A stranger is called by its key, as two may have one name.
func (s Status) Observations(at time.Time) []lattice.Observation {
	var all []lattice.Observation
	place := map[string]int{}
	for _, row := range s.Rows {
		o, known := row.observation(at)
		if !known {
			continue
		}
		if i, more := place[o.Host]; more {
			all[i] = together(all[i], o)
			continue
		}
		place[o.Host] = len(all)
		all = append(all, o)
	}
	return all
}

func (r Row) observation(at time.Time) (o lattice.Observation, known bool) {
	o = lattice.Observation{Standing: lattice.Standing{Host: r.Host}, Evidence: lattice.Observed, At: at, Source: "the running host " + r.Host}
	switch {
	case r.Verdict == Conflicts:
		o.Doubt = r.Why
		return o, true
	case r.Reply == nil, r.Member && !r.Reply.Tells && !r.Reply.Ignores, !r.Member && r.Reply.Ignores:
		return o, false
	}
	o.Signs, o.Accepts, o.Generation = r.Reply.Signs, r.Reply.Accepts, r.Reply.Generation()
	o.Source = "the running host " + r.Reply.Key.String()
	if r.Member && o.Accepts.SameSet(r.Want.Accepts) {
		o.Accepts = r.Want.Accepts // in the manifest's order, and in one place in memory
	}
	if !r.Member {
		o.Host, o.Generation = r.Reply.Key.String(), 0
	}
	if !r.Reply.Tells {
		o.Doubt = r.Why
	}
	return o, true
}

// together is what two hosts that run as one prove: as much as they agree on.
func together(a, b lattice.Observation) lattice.Observation {
	switch {
	case !a.Certain():
		return a
	case !b.Certain():
		return b
	case a.Signs != b.Signs || !a.Accepts.SameSet(b.Accepts):
		a.Doubt = fmt.Sprintf("two hosts run as %s and stand differently", a.Host)
	}
	a.Generation = min(a.Generation, b.Generation)
	return a
}
