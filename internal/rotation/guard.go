package rotation

import (
	"fmt"
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

// guard is one thing that must hold before its phases are left.
type guard struct {
	name     string
	phases   []lattice.Phase
	obstacle func(view) []Obstacle
}

// guards are all that hold a rotation back. Of several obstacles at one host the
// first counts.
func guards() []guard {
	return []guard{
		{"seen", lattice.Phases(), unseen},
		{"signs", lattice.Phases(), signsOtherwise},
		{"accepts", []lattice.Phase{lattice.PhaseIntroduce, lattice.PhaseSwitch}, refusesKeys},
		{"drops", []lattice.Phase{lattice.PhaseRetire}, keepsKeys},
		{"current", lattice.Phases(), outdated},
		{"known", lattice.Phases(), strangers},
		{"soaks", []lattice.Phase{lattice.PhaseSwitch}, soaking},
	}
}

// view is what guards look at.
type view struct {
	m      lattice.Manifest
	r      lattice.Rotation
	at     time.Time
	hosts  []hostView
	needed keys.Issuers // what every host must accept, for now and for the next phase
}

// hostView is one host as it should be and as it was seen.
type hostView struct {
	want    lattice.Standing
	seen    *lattice.Observation // nil if nothing is known
	accepts map[keys.PublicKey]bool
}

func look(m lattice.Manifest, at time.Time) view {
	v := view{m: m, r: *m.Rotation, at: at}
	seen := make(map[string]*lattice.Observation, len(v.r.Observed))
	for i, o := range v.r.Observed {
		seen[o.Host] = &v.r.Observed[i]
	}
	needed := map[keys.PublicKey]bool{}
	need := func(key keys.PublicKey) {
		if !needed[key] {
			needed[key] = true
			v.needed = append(v.needed, key)
		}
	}
	var sets acceptSets
	for _, want := range m.Standings() {
		h := hostView{want: want, seen: seen[want.Host]}
		if h.seen != nil {
			h.accepts = sets.of(h.seen.Accepts)
		}
		v.hosts = append(v.hosts, h)
		need(want.Signs)
	}
	for _, s := range v.r.Keys {
		if is, ok := m.Issuer(s.New); ok {
			need(is.PublicKey)
		}
	}
	return v
}

// acceptSets makes a set of a list once, for all hosts in a row that accept the
// same: as a rule they all do.
type acceptSets struct {
	list keys.Issuers
	set  map[keys.PublicKey]bool
}

func (s *acceptSets) of(list keys.Issuers) map[keys.PublicKey]bool {
	if s.set == nil || !slices.Equal(s.list, list) {
		s.list, s.set = list, make(map[keys.PublicKey]bool, len(list))
		for _, key := range list {
			s.set[key] = true
		}
	}
	return s.set
}

// each gives the obstacles at hosts of which something is known.
func (v view) each(why func(hostView) string) []Obstacle {
	var found []Obstacle
	for _, h := range v.hosts {
		if h.seen == nil {
			continue
		}
		if reason := why(h); reason != "" {
			found = append(found, Obstacle{
				Host: h.want.Host, Reason: reason,
				Remedy: "latch env write " + h.want.Host,
			})
		}
	}
	return found
}

func unseen(v view) []Obstacle {
	var found []Obstacle
	for _, h := range v.hosts {
		if h.seen == nil {
			found = append(found, Obstacle{
				Host: h.want.Host, Reason: "nothing is known of it since the phase began",
				Remedy: "latch issuers rotate next --deployed DIR",
			})
		}
	}
	return found
}

// outdated finds the hosts that have not restarted since the phase began, if
// that shows: the file they will start from next may be from any phase.
func outdated(v view) []Obstacle {
	return v.each(func(h hostView) string {
		if h.seen.Generation == 0 || h.seen.Generation >= v.r.Generation {
			return ""
		}
		return fmt.Sprintf("it runs with generation %d, and the phase began with %d", h.seen.Generation, v.r.Generation)
	})
}

func signsOtherwise(v view) []Obstacle {
	return v.each(func(h hostView) string {
		switch {
		case h.seen.Signs == h.want.Signs:
			return ""
		case h.seen.Signs.IsZero():
			return "it signs with no known key"
		}
		return fmt.Sprintf("it signs with %s, not with %s", v.name(h.seen.Signs), v.name(h.want.Signs))
	})
}

func refusesKeys(v view) []Obstacle {
	return v.each(func(h hostView) string {
		for _, key := range v.needed {
			if !h.accepts[key] {
				return "it does not accept " + v.name(key)
			}
		}
		return ""
	})
}

func keepsKeys(v view) []Obstacle {
	return v.each(func(h hostView) string {
		for _, is := range v.r.Retired {
			if h.accepts[is.PublicKey] {
				return "it still accepts " + is.Name
			}
		}
		return ""
	})
}

// strangers are hosts that were seen but are not in the manifest: nothing would
// tell them of the next phase, and it would cut them off.
func strangers(v view) []Obstacle {
	members := make(map[string]bool, len(v.hosts))
	for _, h := range v.hosts {
		members[h.want.Host] = true
	}
	var found []Obstacle
	for _, o := range v.r.Observed {
		if !members[o.Host] {
			found = append(found, Obstacle{
				Host: o.Host, Reason: "it was seen but is not in the manifest: add it, or stop it",
				Remedy: "latch issuers rotate next --ignore " + o.Host,
			})
		}
	}
	return found
}

// soaking waits until every host has signed with its new key for long enough.
// The way back needs no such wait.
func soaking(v view) []Obstacle {
	since := v.r.Entered
	for _, o := range v.r.Observed {
		if o.At.After(since) {
			since = o.At
		}
	}
	until := since.Add(v.m.MinSoak)
	if v.r.Aborted || !v.at.Before(until) {
		return nil
	}
	return []Obstacle{{
		Reason: fmt.Sprintf("min_soak is %s, which ends at %s", lattice.FormatSpan(v.m.MinSoak), until.Format(time.RFC3339)),
		Remedy: "latch issuers rotate next",
	}}
}

// name is the name of a key in the manifest or the rotation, or the key itself.
func (v view) name(key keys.PublicKey) string { return NameOf(v.m, key) }

// NameOf is what the manifest or its rotation calls a key; a key that neither
// knows is given as it is.
func NameOf(m lattice.Manifest, key keys.PublicKey) string {
	known := m.Issuers
	if m.Rotation != nil {
		known = slices.Concat(known, m.Rotation.Retired)
	}
	for _, is := range known {
		if is.PublicKey == key {
			return is.Name
		}
	}
	return key.String()
}
