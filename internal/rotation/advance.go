package rotation

import (
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
)

// Start begins a rotation: every host is to accept the fresh keys too. It refuses
// where one is under way already.
func Start(m lattice.Manifest, successions []lattice.Succession, fresh []lattice.Issuer, at time.Time) (lattice.Manifest, error) {
	return standard().begin(m, successions, fresh, at)
}

func (p plan) begin(m lattice.Manifest, successions []lattice.Succession, fresh []lattice.Issuer, at time.Time) (lattice.Manifest, error) {
	if r := m.Rotation; r != nil {
		return m, fault.New(fault.Refused, "a rotation is under way since %s, in phase %s", r.Started.Format(time.RFC3339), r.Phase).
			WithHint("latch issuers rotate status")
	}
	for _, is := range fresh {
		if err := m.CheckDenied(is.PublicKey); err != nil {
			return m, err
		}
	}
	next := m.Clone()
	next.Issuers = append(next.Issuers, fresh...)
	next.Rotation = &lattice.Rotation{Started: second(at), Keys: successions}
	p.enter(&next, p.start, at)
	return next, nil
}

// Next moves one phase on. While something stands in the way it refuses, and
// InTheWay gives what; without a rotation there is none to be found.
func Next(m lattice.Manifest, at time.Time) (lattice.Manifest, error) {
	return standard().advance(m, at)
}

func (p plan) advance(m lattice.Manifest, at time.Time) (lattice.Manifest, error) {
	if m.Rotation == nil {
		return m, noRotation()
	}
	if found := p.obstacles(compare(m, at)); len(found) > 0 {
		return m, blocked(m.Rotation.Phase, found)
	}
	next := m.Clone()
	p.enter(&next, p.next[m.Rotation.Phase], at)
	return next, nil
}

// obstacles are what keeps the phase from being left, one per host.
func (p plan) obstacles(c comparison) []Obstacle {
	var found []Obstacle
	named := map[string]bool{}
	for _, g := range p.guards {
		if !slices.Contains(g.phases, c.r.Phase) {
			continue
		}
		for _, o := range g.obstacles(c) {
			if o.Host == "" || !named[o.Host] {
				named[o.Host] = true
				found = append(found, o)
			}
		}
	}
	return found
}

// Abort goes back by the safe way. Where no host was ever told to sign with the
// new keys the rotation ends at once; otherwise old and new change places and the
// same phases lead back. It refuses where the rotation is on its way back already,
// so that two people who abort at once do not turn it round twice; where the old
// key is compromised; and where a host that is not in the manifest stands in the
// way.
func Abort(m lattice.Manifest, at time.Time) (lattice.Manifest, error) {
	return standard().abort(m, at)
}

func (p plan) abort(m lattice.Manifest, at time.Time) (lattice.Manifest, error) {
	if m.Rotation != nil && m.Rotation.Aborted {
		return m, fault.New(fault.Refused, "the rotation is aborted already and on its way back").
			WithHint("go on with latch issuers rotate next; to undo the abort: latch issuers rotate abort --undo")
	}
	return p.turnRound(m, at)
}

// UndoAbort turns a rotation on its way back round again, by the same safe way.
func UndoAbort(m lattice.Manifest, at time.Time) (lattice.Manifest, error) {
	return standard().undoAbort(m, at)
}

func (p plan) undoAbort(m lattice.Manifest, at time.Time) (lattice.Manifest, error) {
	if m.Rotation != nil && !m.Rotation.Aborted {
		return m, fault.New(fault.Refused, "there is no abort to undo: the rotation is not on its way back").
			WithHint("latch issuers rotate status")
	}
	return p.turnRound(m, at)
}

func (p plan) turnRound(m lattice.Manifest, at time.Time) (lattice.Manifest, error) {
	switch {
	case m.Rotation == nil:
		return m, noRotation()
	case m.Rotation.Emergency:
		return m, fault.New(fault.Refused, "the rotation cannot be aborted: its old key is compromised and denied").
			WithHint("latch issuers rotate status")
	}
	// From here the way back drops keys. Every member signs with the one to keep,
	// but a host that the manifest does not list may not.
	if m.Rotation.Phase == lattice.PhaseIntroduce && m.Rotation.Switched {
		if found := unlisted(compare(m, at)); len(found) > 0 {
			return m, blocked(lattice.PhaseIntroduce, found)
		}
	}
	direct := p.untouched(*m.Rotation)
	back := m.Clone()
	r := back.Rotation
	for i, s := range r.Keys {
		r.Keys[i].Old, r.Keys[i].New = s.New, s.Old
	}
	r.Aborted = !r.Aborted
	p.enter(&back, p.back[r.Phase], at)
	if direct {
		back.Rotation = nil
	}
	return back, nil
}

func noRotation() error {
	return fault.New(fault.NotFound, "no rotation is under way").WithHint("latch issuers rotate start")
}
