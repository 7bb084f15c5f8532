package rotation

import (
	"time"

	"github.com/latch-keys/latch/internal/lattice"
)

// Start begins a rotation: every host is to accept the fresh keys too. A manifest
// that has a rotation already matches lattice.ErrRotating.
func Start(m lattice.Manifest, successions []lattice.Succession, fresh []lattice.Issuer, at time.Time) (lattice.Manifest, error) {
	return standard().begin(m, successions, fresh, at)
}

func (p plan) begin(m lattice.Manifest, successions []lattice.Succession, fresh []lattice.Issuer, at time.Time) (lattice.Manifest, error) {
	if r := m.Rotation; r != nil {
		return m, refuse(lattice.ErrRotating, "latch issuers rotate status",
			"a rotation is under way since %s, in phase %s", r.Started.Format(time.RFC3339), r.Phase)
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

// Next moves one phase on. It refuses with a *Blocked while something stands in
// the way; without a rotation the error matches ErrNone.
func Next(m lattice.Manifest, at time.Time) (lattice.Manifest, error) {
	return standard().advance(m, at)
}

func (p plan) advance(m lattice.Manifest, at time.Time) (lattice.Manifest, error) {
	if m.Rotation == nil {
		return m, none()
	}
	if found := p.obstacles(m, at); len(found) > 0 {
		return m, &Blocked{Phase: m.Rotation.Phase, Obstacles: found}
	}
	next := m.Clone()
	p.enter(&next, p.next[m.Rotation.Phase], at)
	return next, nil
}

// obstacles are what keeps the phase from being left, one per host.
func (p plan) obstacles(m lattice.Manifest, at time.Time) []Obstacle {
	v := look(m, at)
	var found []Obstacle
	named := map[string]bool{}
	for _, g := range p.guards {
		if !g.holds(m.Rotation.Phase) {
			continue
		}
		for _, o := range g.obstacle(v) {
			if o.Host == "" || !named[o.Host] {
				named[o.Host] = true
				found = append(found, o)
			}
		}
	}
	return found
}

func (g guard) holds(phase lattice.Phase) bool {
	for _, p := range g.phases {
		if p == phase {
			return true
		}
	}
	return false
}

// Abort goes back by the safe way. Where no host was ever told to sign with the
// new keys the rotation ends at once; otherwise old and new change places, and
// the same phases lead back; strangers that were seen may stand in the way, as a
// *Blocked. A rotation away from a compromised key matches
// ErrCompromised; without a rotation the error matches ErrNone.
func Abort(m lattice.Manifest, at time.Time) (lattice.Manifest, error) {
	return standard().abort(m, at)
}

func (p plan) abort(m lattice.Manifest, at time.Time) (lattice.Manifest, error) {
	switch {
	case m.Rotation == nil:
		return m, none()
	case m.Rotation.Emergency:
		return m, refuse(ErrCompromised, "latch issuers rotate status", "the rotation cannot be aborted: its old key is compromised and denied")
	}
	// From here the way back drops keys. Every member signs with the one to keep,
	// but a stranger may not.
	if found := strangers(look(m, at)); m.Rotation.Phase == lattice.PhaseIntroduce && m.Rotation.Switched && len(found) > 0 {
		return m, &Blocked{Phase: lattice.PhaseIntroduce, Obstacles: found}
	}
	direct := p.untouched(*m.Rotation)
	back := m.Clone()
	r := back.Rotation
	for i, s := range r.Keys {
		r.Keys[i].Old, r.Keys[i].New = s.New, s.Old
	}
	r.Aborted = !r.Aborted
	p.enter(&back, p.turn[r.Phase], at)
	if direct {
		back.Rotation = nil
	}
	return back, nil
}

func none() error {
	return refuse(ErrNone, "latch issuers rotate start", "no rotation is under way")
}
