package rollout

import "time"

// Instant is one moment by the two clocks of a machine.
type Instant struct {
	Ticks time.Duration // monotonic, from any beginning: it may stand still while the machine sleeps
	Wall  time.Time     // it may jump
}

// Clock reads both clocks.
func Clock(ticks func() time.Duration, wall func() time.Time) func() Instant {
	return func() Instant { return Instant{ticks(), wall()} }
}

// atLeast is how much time has passed for certain.
func (i Instant) atLeast(since Instant) time.Duration { return i.Ticks - since.Ticks }

// atMost is how much may have passed: a machine that slept knows only by its wall
// clock.
func (i Instant) atMost(since Instant) time.Duration {
	return max(i.Ticks-since.Ticks, i.Wall.Sub(since.Wall))
}
