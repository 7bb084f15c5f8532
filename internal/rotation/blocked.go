package rotation

import (
	"fmt"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
)

// Obstacle is one thing that keeps a phase from being left.
type Obstacle struct {
	Host   string `json:"host,omitempty"` // empty where no single host is the cause
	Reason string `json:"reason"`
	Acts   []Act  `json:"acts,omitempty"` // what clears it, in order; see Guide

	need   need
	unseen bool          // nothing at all is known of the host
	source string        // what is in doubt
	until  time.Time     // when it clears by itself
	span   time.Duration // for how long calls are to be listened to
}

// need is what an obstacle asks for.
type need int

const (
	needsDeploy  need = iota // the host is to get its env file, and to restart
	needsReader              // the same, unless it is said who reads its file
	needsLook                // somebody is to find out what runs there
	needsListing             // the host is to be in the manifest, or gone
	needsTime
	needsQuiet // old keys are to be heard to be silent
)

// mostShown is how many hosts a text for people names; JSON output has all.
const mostShown = 20

// blocked refuses to leave the phase: one obstacle per line, all of them as
// detail.
func blocked(phase lattice.Phase, found []Obstacle) error {
	lines := []string{fmt.Sprintf("phase %s cannot be left yet", phase)}
	for i, o := range found {
		if i == mostShown {
			lines = append(lines, fmt.Sprintf("  and %d more: latch issuers rotate status", len(found)-i))
			break
		}
		where := "  "
		if o.Host != "" {
			where += o.Host + ": "
		}
		lines = append(lines, where+o.Reason)
	}
	return fault.New(fault.Refused, "%s", strings.Join(lines, "\n")).WithHint("latch issuers rotate status").WithDetail(found)
}

// InTheWay gives the obstacles for which Next or Abort refused, nil where err has
// another reason.
func InTheWay(err error) []Obstacle {
	found, _ := fault.DetailOf(err).([]Obstacle)
	return found
}
