package rotation

import (
	"time"

	"github.com/latch-keys/latch/internal/lattice"
)

// Survey is where every host stands.
type Survey struct {
	Hosts     []HostState
	Keys      []Spread
	Obstacles []Obstacle // what keeps the phase from being left; none in a steady lattice
}

// HostState is one host as it should be, as it was seen, and what is wrong.
type HostState struct {
	Want    lattice.Standing
	Seen    *lattice.Observation // nil if nothing is known
	InWay   string               // why it stands in the way; empty if it does not
	Unknown bool                 // not in the manifest
}

// Spread says how far an issuer has come.
type Spread struct {
	Issuer   lattice.Issuer
	Accepted int      // hosts known to accept it
	Missing  []string // hosts not known to accept it
	Signing  int      // hosts known to sign with it
}

// Look surveys the lattice, with what was just seen of its hosts.
func Look(m lattice.Manifest, seen []lattice.Observation, at time.Time) Survey {
	if m.Rotation == nil { // as in a rotation that nothing keeps from ending
		m.Rotation = &lattice.Rotation{}
	}
	m = Observe(m, seen)
	v := look(m, at)
	s := Survey{Obstacles: standard().obstacles(m, at)}
	reasons := map[string]string{}
	for _, o := range s.Obstacles {
		reasons[o.Host] = o.Reason
	}
	members := map[string]bool{}
	for _, h := range v.hosts {
		members[h.want.Host] = true
		s.Hosts = append(s.Hosts, HostState{Want: h.want, Seen: h.seen, InWay: reasons[h.want.Host]})
	}
	for i, o := range v.r.Observed {
		if !members[o.Host] {
			s.Hosts = append(s.Hosts, HostState{Seen: &v.r.Observed[i], InWay: reasons[o.Host], Unknown: true})
		}
	}
	for _, is := range append(append([]lattice.Issuer{}, m.Issuers...), v.r.Retired...) {
		s.Keys = append(s.Keys, v.spread(is))
	}
	return s
}

func (v view) spread(is lattice.Issuer) Spread {
	s := Spread{Issuer: is}
	for _, h := range v.hosts {
		if h.seen != nil && h.seen.Signs == is.PublicKey {
			s.Signing++
		}
		if h.accepts[is.PublicKey] {
			s.Accepted++
		} else {
			s.Missing = append(s.Missing, h.want.Host)
		}
	}
	return s
}
