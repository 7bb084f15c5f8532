package lattice

import (
	"slices"
	"time"
)

// Phase is how far a rotation has come. A manifest without a rotation is
// steady and has none.
type Phase string

// The phases, in their order. What a phase changes is known to be on every host
// before the next one starts.
const (
	PhaseIntroduce Phase = "introduce" // every host is told to accept the new keys too
	PhaseSwitch    Phase = "switch"    // every host is told to sign with its new key
	PhaseRetire    Phase = "retire"    // every host is told to accept the old keys no longer
)

// Phases lists the phases in their order.
func Phases() []Phase { return []Phase{PhaseIntroduce, PhaseSwitch, PhaseRetire} }

// Rotation is a change of keys that is under way.
type Rotation struct {
	Phase   Phase
	Started time.Time // UTC, whole seconds, as all times here
	Entered time.Time // when the phase began
	// Generation is the manifest's when the phase began: a host that runs with an
	// older one has not restarted since.
	Generation uint64
	Switched   bool // hosts were told to sign with the new keys, at some time
	Aborted    bool // on the way back: the old keys are the ones that came last
	Emergency  bool // the old key is compromised, and was dropped at once
	Keys       []Succession
	Retired    []Issuer      // the old keys that are no issuers any more, in phase retire
	Observed   []Observation // what is known of hosts since the phase began, one of each
}

// Succession says which key takes the place of which.
type Succession struct {
	Old, New string // names of issuers
	Host     string // the only host it is for; empty: all that sign with Old
}

// Succession finds what takes the place of the key that the host signs with.
func (r Rotation) Succession(h Host) (Succession, bool) {
	general := -1
	for i, s := range r.Keys {
		switch {
		case s.Old != h.SignsWith:
		case s.Host == h.Name:
			return s, true
		case s.Host == "":
			general = i
		}
	}
	if general < 0 {
		return Succession{}, false
	}
	return r.Keys[general], true
}

// Observation finds what is known of a host.
func (r Rotation) Observation(host string) (Observation, bool) {
	i := slices.IndexFunc(r.Observed, func(o Observation) bool { return o.Host == host })
	if i < 0 {
		return Observation{}, false
	}
	return r.Observed[i], true
}

// forget drops what is known of a host.
func (r *Rotation) forget(host string) {
	r.Observed = slices.DeleteFunc(slices.Clone(r.Observed), func(o Observation) bool { return o.Host == host })
}

// Involves reports whether the rotation gives the issuer up or brings it in.
func (r Rotation) Involves(issuer string) bool {
	return slices.ContainsFunc(r.Keys, func(s Succession) bool { return s.Old == issuer || s.New == issuer })
}

func (r *Rotation) equal(o *Rotation) bool {
	if r == nil || o == nil {
		return r == o
	}
	return r.Phase == o.Phase && r.Started.Equal(o.Started) && r.Entered.Equal(o.Entered) &&
		r.Generation == o.Generation && r.Switched == o.Switched && r.Aborted == o.Aborted && r.Emergency == o.Emergency && slices.Equal(r.Keys, o.Keys) &&
		slices.EqualFunc(r.Retired, o.Retired, Issuer.equal) &&
		slices.EqualFunc(r.Observed, o.Observed, Observation.equal)
}

// clone shares no memory with r that anybody writes to.
func (r *Rotation) clone() *Rotation {
	if r == nil {
		return nil
	}
	c := *r
	c.Keys, c.Retired, c.Observed = slices.Clone(r.Keys), slices.Clone(r.Retired), slices.Clone(r.Observed)
	return &c
}
