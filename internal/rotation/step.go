package rotation

import (
	"fmt"
	"strings"

	"github.com/latch-keys/latch/internal/lattice"
)

// Steady is the name of no phase at all: no rotation is under way.
const Steady = "steady"

// PhaseOf is the name of the manifest's phase.
func PhaseOf(m lattice.Manifest) string {
	if m.Rotation == nil {
		return Steady
	}
	return string(m.Rotation.Phase)
}

// Step is what a command changed in a manifest, and what follows from it.
type Step struct {
	From, To  string // phases
	Changed   bool
	Keys      []lattice.Succession // that the rotation is about, or was
	Deploy    []string             // hosts whose environment changes
	Restarts  []Restart            // in which order; nil where any order will do
	Deletable []string             // keys whose seed nothing needs any more
	Kept      string               // why there are none at the end of a rotation
	Acts      []Act                // what is to be done now, and then
}

// StepBetween compares the manifest before and after a step.
func StepBetween(before, after lattice.Manifest, guide Guide) Step {
	s := Step{From: PhaseOf(before), To: PhaseOf(after), Changed: !before.Equal(after)}
	switch {
	case after.Rotation != nil:
		s.Keys = after.Rotation.Keys
	case before.Rotation != nil:
		s.Keys = before.Rotation.Keys
	}
	told := before.Standings()
	for i, now := range after.Standings() {
		if i >= len(told) || !now.Same(told[i]) {
			s.Deploy = append(s.Deploy, now.Host)
		}
	}
	s.Acts = guide.afterStep(before, after, s.Deploy)
	s.Deletable, s.Kept = deletable(before, after)
	if after.Rotation != nil && after.Rotation.Emergency && len(s.Deploy) > 0 {
		s.Restarts = RestartOrder(Running(before), after.Standings())
	}
	return s
}

// Running are the hosts as they were seen last, or as the manifest has them.
func Running(m lattice.Manifest) []lattice.Standing {
	standings := m.Standings()
	if m.Rotation == nil {
		return standings
	}
	seen := make(map[string]lattice.Standing, len(m.Rotation.Observed))
	for _, o := range m.Rotation.Observed {
		if o.Certain() {
			seen[o.Host] = o.Standing
		}
	}
	for i, s := range standings {
		if o, ok := seen[s.Host]; ok {
			standings[i] = o
		}
	}
	return standings
}

// Instructions say what is to be done now, a sentence each; commands stand on lines
// of their own. heldElsewhere: others hold seeds that are on their way out.
func (s Step) Instructions(heldElsewhere bool) []string {
	var all []string
	now, then := s.Acts, []Act(nil)
	if last := len(now) - 1; last >= 0 && s.To != Steady {
		now, then = now[:last], now[last:]
	}
	if len(now) > 0 {
		all = append(all, "Now: "+Lines(now), s.order(), "Providers keep the old seed until they restart.")
	}
	if heldElsewhere {
		all = append(all, "Give the other holders a key that the hosts accept: hosts that have retired the old key refuse them.")
	}
	if s.Kept != "" {
		all = append(all, s.Kept)
	}
	if len(then) > 0 {
		all = append(all, "Then: "+Lines(then))
		if then[0].Do == AttestHosts {
			all = append(all, "Where latch can ask the hosts, or read their env files, give it --live or --deployed DIR instead of --attest.")
		}
	}
	return all
}

func (s Step) order() string {
	if len(s.Restarts) > 0 {
		return "Restart the hosts in the order above."
	}
	return "Restart the hosts in any order."
}

// firstFew lists names for people: many are counted.
func firstFew(names []string) string {
	if len(names) <= mostShown {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more hosts", strings.Join(names[:mostShown], ", "), len(names)-mostShown)
}
