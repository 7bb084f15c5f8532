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

// NextCommand is what to type when nothing stands in the way.
func NextCommand(m lattice.Manifest) string {
	if m.Rotation == nil {
		return "latch issuers rotate start"
	}
	return "latch issuers rotate next"
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
	Next      string               // the next command
}

// StepBetween compares the manifest before and after a step.
func StepBetween(before, after lattice.Manifest) Step {
	s := Step{From: PhaseOf(before), To: PhaseOf(after), Changed: !before.Equal(after), Next: NextCommand(after)}
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

// Instructions say what is to be done now, a sentence each. heldElsewhere: others
// hold seeds that are on their way out.
func (s Step) Instructions(heldElsewhere bool) []string {
	var all []string
	if len(s.Deploy) > 0 {
		order := "in any order"
		if len(s.Restarts) > 0 {
			order = "in the order above"
		}
		all = append(all, fmt.Sprintf("Now: latch env write, copy each file to its host, and restart %s, %s.", firstFew(s.Deploy), order),
			"Providers keep the old seed until they restart: restart them together with their host.")
	}
	if heldElsewhere {
		all = append(all, "Give the other holders a key that the hosts accept: hosts that have retired the old key refuse them.")
	}
	if s.Kept != "" {
		all = append(all, s.Kept)
	}
	if s.To != Steady {
		all = append(all, "Then: "+s.Next)
	}
	return all
}

// firstFew lists names for people: many are counted.
func firstFew(names []string) string {
	if len(names) <= mostShown {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more hosts", strings.Join(names[:mostShown], ", "), len(names)-mostShown)
}
