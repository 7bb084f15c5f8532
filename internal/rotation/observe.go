package rotation

import (
	"slices"

	"github.com/latch-keys/latch/internal/lattice"
)

// Observe takes down what was seen of hosts, members or not. What was known
// already, by evidence at least as strong, keeps its time, so that seeing the
// same again changes nothing; but not where it was of before the phase: the host has
// restarted since, and may have stood otherwise meanwhile. What is in doubt takes the place of what was known by
// no better evidence: it is not known any more. Without a rotation nothing is taken
// down.
func Observe(m lattice.Manifest, seen []lattice.Observation) lattice.Manifest {
	if m.Rotation == nil {
		return m
	}
	next := m.Clone()
	r := next.Rotation
	place := make(map[string]int, len(r.Observed))
	for i, o := range r.Observed {
		place[o.Host] = i
	}
	for _, o := range seen {
		o.At = second(o.At)
		i, known := place[o.Host]
		switch {
		case !known:
			place[o.Host] = len(r.Observed)
			r.Observed = append(r.Observed, o)
		case !o.Certain():
			if strength(r.Observed[i]) <= strength(o) {
				r.Observed[i] = o
			}
		case !r.Observed[i].Certain() || !r.Observed[i].Same(o.Standing) || strength(r.Observed[i]) < strength(o):
			r.Observed[i] = o
		default:
			known := &r.Observed[i]
			if known.Generation != 0 && known.Generation < r.Generation && o.Generation >= r.Generation {
				known.At = o.At
			}
			known.Generation = max(known.Generation, o.Generation)
		}
	}
	return next
}

func strength(o lattice.Observation) int { return slices.Index(lattice.Evidences(), o.Evidence) }

// Ignore drops what was seen of hosts: strangers that have stopped.
func Ignore(m lattice.Manifest, hosts []string) lattice.Manifest {
	if m.Rotation == nil {
		return m
	}
	gone := map[string]bool{}
	for _, name := range hosts {
		gone[name] = true
	}
	next := m.Clone()
	next.Rotation.Observed = slices.DeleteFunc(next.Rotation.Observed, func(o lattice.Observation) bool { return gone[o.Host] })
	return next
}
