package rollout

import "time"

// stillness is how long the turns of others have not been renewed, as far as one
// supervisor has watched.
type stillness struct {
	seen map[uint64]sighting // by the number of the turn
}

type sighting struct {
	beat   uint64
	since  Instant
	looked Instant // when its host was looked at last
}

// note looks at the turns there are now.
func (s *stillness) note(turns []turn, now Instant) {
	next := make(map[uint64]sighting, len(turns))
	for _, t := range turns {
		before, known := s.seen[t.Fence]
		if !known || before.beat != t.Beat {
			before = sighting{beat: t.Beat, since: now}
		}
		next[t.Fence] = before
	}
	s.seen = next
}

// overdue is how long ago a turn has expired, negative where it has not.
func (s *stillness) overdue(t turn, now Instant) time.Duration {
	return now.atLeast(s.seen[t.Fence].since) - t.Lease.duration()
}

// mayLook tells whether it is time to look at the host of a turn that has expired. All
// who wait do, and each look has every host of the lattice answer.
func (s *stillness) mayLook(t turn, now Instant) bool {
	was := s.seen[t.Fence]
	if was.looked != (Instant{}) && now.atLeast(was.looked) < t.Lease.duration()/4 {
		return false
	}
	was.looked = now
	s.seen[t.Fence] = was
	return true
}
