package rotation

import (
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

// Status is where every host stands.
type Status struct {
	Hosts     []HostStatus
	Keys      []KeyStatus
	Obstacles []Obstacle // what keeps the phase from being left; none in a steady lattice
}

// HostStatus is one host as it should be, as it was seen, and what is wrong.
type HostStatus struct {
	Want     lattice.Standing
	Seen     *lattice.Observation // nil if nothing is known
	Doubt    string               // why what was seen does not settle it; empty where it does
	InWay    string               // why it stands in the way; empty if it does not
	Unlisted bool                 // seen, but not in the manifest
}

// KeyStatus says how many hosts know an issuer.
type KeyStatus struct {
	Issuer   lattice.Issuer
	Accepted int      // hosts known to accept it
	Missing  []string // hosts known not to accept it
	Unknown  []string // hosts of which nothing is known
	Signing  int      // hosts known to sign with it
}

// StatusOf looks at the lattice, with what was just seen of its hosts. It refuses
// what Weigh refuses.
func StatusOf(m lattice.Manifest, seen []lattice.Observation, at time.Time) (Status, error) {
	if err := CheckCurrent(m, seen); err != nil {
		return Status{}, err
	}
	seen, err := oneOfEach(seen)
	if err != nil {
		return Status{}, err
	}
	if m.Rotation == nil { // as in a rotation that nothing keeps from ending
		m.Rotation = &lattice.Rotation{}
	}
	m = Observe(m, seen)
	c := compare(m, at)
	s := Status{Obstacles: standard().obstacles(c)}
	reasons := map[string]string{}
	for _, o := range s.Obstacles {
		reasons[o.Host] = o.Reason
	}
	members := map[string]bool{}
	for _, h := range c.hosts {
		members[h.want.Host] = true
		host := HostStatus{Want: h.want, Seen: h.seen, InWay: reasons[h.want.Host]}
		if h.doubt != nil {
			host.Doubt = h.doubtText()
		}
		s.Hosts = append(s.Hosts, host)
	}
	for i, o := range c.r.Observed {
		if !members[o.Host] {
			s.Hosts = append(s.Hosts, HostStatus{Seen: &c.r.Observed[i], InWay: reasons[o.Host], Unlisted: true})
		}
	}
	s.Keys = c.keyStatuses(slices.Concat(m.Issuers, c.r.Retired))
	return s, nil
}

// keyStatuses counts hosts by what they sign with and by the list that they
// accept, of which there are few; only then does it look at single keys.
func (c comparison) keyStatuses(issuers []lattice.Issuer) []KeyStatus {
	signing := map[keys.PublicKey]int{}
	byList := map[*acceptedKeys][]int{} // the places of hosts; nil: those of which nothing is known
	for i, h := range c.hosts {
		byList[h.accepts] = append(byList[h.accepts], i)
		if h.seen != nil {
			signing[h.seen.Signs]++
		}
	}
	unknown := c.named(byList[nil])
	all := make([]KeyStatus, len(issuers))
	for i, is := range issuers {
		all[i] = KeyStatus{Issuer: is, Signing: signing[is.PublicKey]}
		var missing []int
		for list, places := range byList {
			switch {
			case list == nil:
			case list.set[is.PublicKey]:
				all[i].Accepted += len(places)
			default:
				missing = append(missing, places...)
			}
		}
		all[i].Missing, all[i].Unknown = c.named(missing), unknown
	}
	return all
}

// named are the hosts at these places, in the order of the manifest.
func (c comparison) named(places []int) []string {
	var names []string
	for _, place := range slices.Sorted(slices.Values(places)) {
		names = append(names, c.hosts[place].want.Host)
	}
	return names
}
