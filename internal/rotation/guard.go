package rotation

import (
	"fmt"
	"time"

	"github.com/latch-keys/latch/internal/lattice"
)

// guard is one thing that must hold before its phases are left.
type guard struct {
	name      string
	phases    []lattice.Phase
	obstacles func(comparison) []Obstacle
}

// guards are all that hold a rotation back. Of several obstacles at one host the
// first counts.
func guards() []guard {
	return []guard{
		{"seen", lattice.Phases(), unseen},
		{"signs", lattice.Phases(), signsOtherwise},
		{"accepts", []lattice.Phase{lattice.PhaseIntroduce, lattice.PhaseSwitch}, lacksKeys},
		{"drops", []lattice.Phase{lattice.PhaseRetire}, acceptsRetiredKeys},
		{"current", lattice.Phases(), outdated},
		{"listed", lattice.Phases(), unlisted},
		{"min_soak", []lattice.Phase{lattice.PhaseSwitch}, beforeMinSoak},
	}
}

// each gives the obstacles at hosts of which something is known.
func (c comparison) each(why func(comparedHost) string) []Obstacle {
	var found []Obstacle
	for _, h := range c.hosts {
		if h.seen == nil {
			continue
		}
		if reason := why(h); reason != "" {
			found = append(found, Obstacle{Host: h.want.Host, Reason: reason})
		}
	}
	return found
}

func unseen(c comparison) []Obstacle {
	var found []Obstacle
	for _, h := range c.hosts {
		switch {
		case h.doubt != nil && h.doubt.Evidence == lattice.Observed:
			found = append(found, Obstacle{Host: h.want.Host, Reason: h.doubtText(), need: needsLook})
		case h.doubt != nil:
			found = append(found, Obstacle{Host: h.want.Host, Reason: h.doubtText(), need: needsReader, source: h.doubt.Source})
		case h.seen == nil:
			found = append(found, Obstacle{Host: h.want.Host, Reason: "nothing is known of it since the phase began", unseen: true})
		}
	}
	return found
}

// doubtText says why what was seen of the host does not settle how it runs.
func (h comparedHost) doubtText() string {
	return "not known: " + h.doubt.Source + ": " + h.doubt.Doubt
}

// outdated finds the hosts that have not restarted since the phase began, if
// that shows: the file they will start from next may be from any phase. Phase switch
// changes nothing for a host that keeps its key, which need not restart then: that its
// file is of phase introduce at least was seen in that phase.
func outdated(c comparison) []Obstacle {
	moved := c.m.Moved()
	return c.each(func(h comparedHost) string {
		switch {
		case h.seen.Generation == 0 || h.seen.Generation >= c.r.Generation:
			return ""
		case c.r.Phase == lattice.PhaseSwitch && !moved(h.want) && h.seen.Same(h.want):
			return ""
		}
		return fmt.Sprintf("it runs with generation %d, and the phase began with %d", h.seen.Generation, c.r.Generation)
	})
}

func signsOtherwise(c comparison) []Obstacle {
	return c.each(func(h comparedHost) string {
		switch {
		case h.seen.Signs == h.want.Signs:
			return ""
		case h.seen.Signs.IsZero():
			return "it signs with no known key"
		}
		return fmt.Sprintf("it signs with %s, not with %s", c.name(h.seen.Signs), c.name(h.want.Signs))
	})
}

func lacksKeys(c comparison) []Obstacle {
	return c.each(func(h comparedHost) string {
		key := h.accepts.firstLacking(c.needed)
		if key.IsZero() {
			return ""
		}
		return "it does not accept " + c.name(key)
	})
}

func acceptsRetiredKeys(c comparison) []Obstacle {
	return c.each(func(h comparedHost) string {
		key := h.accepts.firstRetired(c.r.Retired)
		if key.IsZero() {
			return ""
		}
		return "it still accepts " + c.name(key)
	})
}

// unlisted are hosts that were seen but are not in the manifest: nothing would
// tell them of the next phase, and it would cut them off.
func unlisted(c comparison) []Obstacle {
	members := make(map[string]bool, len(c.hosts))
	for _, h := range c.hosts {
		members[h.want.Host] = true
	}
	var found []Obstacle
	for _, o := range c.r.Observed {
		if !members[o.Host] {
			found = append(found, Obstacle{
				Host: o.Host, Reason: "it was seen but is not in the manifest: add it, or stop it", need: needsListing,
			})
		}
	}
	return found
}

// beforeMinSoak waits until every host has signed with its new key for min_soak.
// The way back needs no such wait.
func beforeMinSoak(c comparison) []Obstacle {
	since := c.r.Entered
	for _, o := range c.r.Observed {
		if o.At.After(since) {
			since = o.At
		}
	}
	until := since.Add(c.m.MinSoak)
	if c.r.Aborted || !c.at.Before(until) {
		return nil
	}
	return []Obstacle{{
		Reason: fmt.Sprintf("min_soak is %s, which ends at %s", lattice.FormatSpan(c.m.MinSoak), until.Format(time.RFC3339)),
		need:   needsTime, until: until,
	}}
}
