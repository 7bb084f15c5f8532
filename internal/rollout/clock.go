package rollout

import "time"

// Instant is one moment by the two clocks of a machine.
type Instant struct {
	Ticks time.Duration // monotonic, from any beginning: it may stand still while the machine sleeps
	Wall  time.Time     // it may jump
}

// Clock reads both clocks. now is the wall clock, with the monotonic one in it.
func Clock(now func() time.Time) func() Instant {
	begun := now()
	return func() Instant {
		at := now()
		return Instant{Ticks: at.Sub(begun), Wall: at.Round(0)}
	}
}

// atLeast is how much time has passed for certain.
func (i Instant) atLeast(since Instant) time.Duration { return i.Ticks - since.Ticks }

// atMost is how much may have passed: a machine that slept knows only by its wall
// clock.
func (i Instant) atMost(since Instant) time.Duration {
	return max(i.Ticks-since.Ticks, i.Wall.Sub(since.Wall))
}
