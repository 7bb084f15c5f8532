package rotation

import (
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
)

// Shape says how many new keys there are to be.
type Shape int

// The shapes of a rotation.
const (
	Alike   Shape = iota // a new key for each old one
	Shared               // one new key for all
	PerHost              // a new key for each host
)

// Selection says what a rotation is to replace. With neither Retire nor Hosts,
// every key that a host signs with.
type Selection struct {
	Retire []string // names of issuers
	Hosts  []string // these hosts get keys of their own, and the others keep theirs
	Shape  Shape
}

// Successions says which key follows which, with names for the new keys that are
// free, and New in the order in which they first stand. An unknown name is not
// found; an issuer that no host signs with is refused, and so are more new keys than
// an env file can carry.
func Successions(m lattice.Manifest, s Selection, taken func(name string) bool) ([]lattice.Succession, error) {
	moving, err := s.moving(m)
	if err != nil {
		return nil, err
	}
	n := newNamer(taken)
	var all []lattice.Succession
	for _, h := range moving {
		next := lattice.Succession{Old: h.SignsWith, Host: h.Name}
		switch {
		case s.Shape == PerHost || len(s.Hosts) > 0:
			next.New = n.name("host "+h.Name, m.Lattice+"-"+h.Name)
		case s.Shape == Shared:
			next.New = n.name("shared", m.Lattice+"-cluster")
		default:
			next.New = n.name("issuer "+h.SignsWith, h.SignsWith)
		}
		all = append(all, next)
	}
	return merge(m, all), checkCapacity(m, len(n.given))
}

// checkCapacity refuses a rotation of which no env file could carry the keys while
// hosts accept old and new ones: before a key is made, and with what would fit.
func checkCapacity(m lattice.Manifest, fresh int) error {
	err := lattice.CheckCapacity(len(m.Issuers) + fresh)
	room := lattice.MostIssuers() - len(m.Issuers)
	switch {
	case err == nil:
		return nil
	case room < 1:
		return fault.New(fault.Refused, "no key fits beside the %d issuers there are", len(m.Issuers)).Because(err).
			WithHint("latch issuers remove those that no host signs with")
	}
	return fault.New(fault.Refused, "the rotation cannot begin").Because(err).
		WithHint("one key for all hosts: latch issuers rotate start --shared; or at most %d keys at a time: latch issuers rotate start --retire NAME,…", room)
}

// moving are the hosts that get another key.
func (s Selection) moving(m lattice.Manifest) ([]lattice.Host, error) {
	hosts, retired, err := s.named(m)
	if err != nil {
		return nil, err
	}
	var moving []lattice.Host
	for _, h := range m.Hosts {
		if (len(hosts) == 0 || hosts[h.Name]) && (len(retired) == 0 || retired[h.SignsWith]) {
			moving = append(moving, h)
		}
	}
	if len(moving) == 0 {
		return nil, fault.New(fault.Refused, "no host signs with any key: there is nothing to rotate").WithHint("latch hosts add HOST")
	}
	return moving, nil
}

// named are the hosts and issuers that the selection names, all of them known.
func (s Selection) named(m lattice.Manifest) (hosts, issuers map[string]bool, err error) {
	hosts, issuers = map[string]bool{}, map[string]bool{}
	known := map[string]bool{}
	for _, h := range m.Hosts {
		known[h.Name] = true
	}
	for _, name := range s.Hosts {
		if hosts[name] = true; !known[name] {
			return nil, nil, m.NoHost(name)
		}
	}
	signers := m.Signers()
	for _, name := range s.Retire {
		issuers[name] = true
		if _, ok := m.Issuer(name); !ok {
			return nil, nil, m.NoIssuer(name)
		}
		if len(signers[name]) == 0 {
			return nil, nil, fault.New(fault.Refused, "no host signs with %s: there is nothing to rotate", name).
				WithHint("latch issuers remove %s", name)
		}
	}
	return hosts, issuers, nil
}

// merge makes one succession of those of all hosts of a key that move to one
// key, so that hosts which join later follow. Where several old keys become one,
// each host keeps its own, for the way back.
func merge(m lattice.Manifest, all []lattice.Succession) []lattice.Succession {
	signers, movers := map[string]int{}, map[[2]string]int{}
	sources := map[string]map[string]bool{}
	for _, h := range m.Hosts {
		signers[h.SignsWith]++
	}
	for _, s := range all {
		movers[[2]string{s.Old, s.New}]++
		if sources[s.New] == nil {
			sources[s.New] = map[string]bool{}
		}
		sources[s.New][s.Old] = true
	}
	var kept []lattice.Succession
	seen := map[lattice.Succession]bool{}
	for _, s := range all {
		if movers[[2]string{s.Old, s.New}] == signers[s.Old] && len(sources[s.New]) == 1 {
			s.Host = ""
		}
		if !seen[s] {
			seen[s] = true
			kept = append(kept, s)
		}
	}
	return kept
}
