package rotation

import (
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

// comparison holds the hosts as they should be against the hosts as they were
// seen; it is what guards look at.
type comparison struct {
	m      lattice.Manifest
	r      lattice.Rotation
	at     time.Time
	hosts  []comparedHost
	needed keys.Issuers // what every host must accept, for now and for the next phase
	name   func(keys.PublicKey) string
}

// comparedHost is one host as it should be and as it was seen.
type comparedHost struct {
	want    lattice.Standing
	seen    *lattice.Observation // nil if nothing is known
	doubt   *lattice.Observation // what was seen instead, and settles nothing
	accepts *acceptedKeys
}

func compare(m lattice.Manifest, at time.Time) comparison {
	c := comparison{m: m, r: *m.Rotation, at: at, name: m.KeyNames()}
	seen := make(map[string]*lattice.Observation, len(c.r.Observed))
	for i, o := range c.r.Observed {
		seen[o.Host] = &c.r.Observed[i]
	}
	needed := map[keys.PublicKey]bool{}
	need := func(key keys.PublicKey) {
		if !needed[key] {
			needed[key] = true
			c.needed = append(c.needed, key)
		}
	}
	var lists acceptLists
	for _, want := range m.Standings() {
		h := comparedHost{want: want, seen: seen[want.Host]}
		if h.seen != nil && !h.seen.Certain() {
			h.seen, h.doubt = nil, h.seen
		}
		if h.seen != nil {
			h.accepts = lists.of(h.seen.Accepts)
		}
		c.hosts = append(c.hosts, h)
		need(want.Signs)
	}
	byName := issuersByName(m)
	for _, s := range c.r.Keys {
		if is, ok := byName[s.New]; ok {
			need(is.PublicKey)
		}
	}
	return c
}
