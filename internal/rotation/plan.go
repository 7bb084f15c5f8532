package rotation

import (
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/lattice"
)

// plan is the rules as values: which phase follows which, what its start
// changes, and what must hold before. Tests take one rule away at a time and
// see the promise break.
type plan struct {
	start  step
	next   map[lattice.Phase]step
	back   map[lattice.Phase]step // on abort, after old and new have changed places
	guards []guard
	// forget drops what was known of hosts before a phase began.
	forget func(*lattice.Rotation)
	// untouched reports that an abort may end the rotation at once: no host was
	// ever told to sign with the new keys.
	untouched func(lattice.Rotation) bool
}

// step is the start of a phase. steady is the end of the rotation.
type step struct {
	to     lattice.Phase
	change func(*lattice.Manifest)
}

const steady lattice.Phase = ""

func standard() plan {
	return plan{
		start: step{lattice.PhaseIntroduce, changeNothing},
		next: map[lattice.Phase]step{
			lattice.PhaseIntroduce: {lattice.PhaseSwitch, switchSigners},
			lattice.PhaseSwitch:    {lattice.PhaseRetire, retireOldKeys},
			lattice.PhaseRetire:    {steady, changeNothing},
		},
		back: map[lattice.Phase]step{
			lattice.PhaseIntroduce: {lattice.PhaseRetire, retireOldKeys},
			lattice.PhaseSwitch:    {lattice.PhaseSwitch, switchSigners},
			lattice.PhaseRetire:    {lattice.PhaseIntroduce, restoreRetiredKeys},
		},
		guards:    guards(),
		forget:    func(r *lattice.Rotation) { r.Observed, r.Quiet = nil, lattice.Quiet{} },
		untouched: func(r lattice.Rotation) bool { return !r.Switched },
	}
}

// enter starts a phase in m, which is the caller's own.
func (p plan) enter(m *lattice.Manifest, s step, at time.Time) {
	s.change(m)
	r := m.Rotation
	m.Generation++
	r.Switched = r.Switched || s.to == lattice.PhaseSwitch
	r.Phase, r.Entered, r.Generation = s.to, second(at), m.Generation
	p.forget(r)
	if s.to == steady || s.to == lattice.PhaseRetire && len(r.Retired) == 0 {
		m.Rotation = nil
	}
}

func changeNothing(*lattice.Manifest) {}

// switchSigners lets every host sign with its new key.
func switchSigners(m *lattice.Manifest) {
	successors := newSuccessors(m.Rotation)
	for i, h := range m.Hosts {
		if next, ok := successors.of(h.Name, h.SignsWith); ok {
			m.Hosts[i].SignsWith = next
		}
	}
}

// retireOldKeys takes the old keys that no host signs with off the issuers.
func retireOldKeys(m *lattice.Manifest) {
	old, signers := oldKeys(m.Rotation), m.Signers()
	m.Issuers = slices.DeleteFunc(m.Issuers, func(is lattice.Issuer) bool {
		if !old[is.Name] || len(signers[is.Name]) > 0 {
			return false
		}
		m.Rotation.Retired = append(m.Rotation.Retired, is)
		return true
	})
}

// restoreRetiredKeys makes the retired keys issuers again.
func restoreRetiredKeys(m *lattice.Manifest) {
	m.Issuers = append(m.Issuers, m.Rotation.Retired...)
	m.Rotation.Retired = nil
}

func second(at time.Time) time.Time { return at.UTC().Truncate(time.Second) }
