package rotation

import (
	"slices"

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
// free, and New in the order in which they first stand. An unknown name matches
// lattice.ErrNotFound, an issuer that no host signs with ErrNotSigning.
func Successions(m lattice.Manifest, s Selection, taken func(name string) bool) ([]lattice.Succession, error) {
	moving, err := s.moving(m)
	if err != nil {
		return nil, err
	}
	n := namer{taken: taken, given: map[string]string{}}
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
	return joined(m, all), nil
}

// moving are the hosts that get another key.
func (s Selection) moving(m lattice.Manifest) ([]lattice.Host, error) {
	for _, name := range s.Hosts {
		if _, ok := m.Host(name); !ok {
			return nil, refuse(lattice.ErrNotFound, "latch hosts list", "no host is named %q", name)
		}
	}
	for _, name := range s.Retire {
		if _, ok := m.Issuer(name); !ok {
			return nil, refuse(lattice.ErrNotFound, "latch issuers list", "no issuer is named %q", name)
		}
		if !isSigner(m, name) {
			return nil, refuse(ErrNotSigning, "latch issuers remove "+name, "no host signs with %s: there is nothing to rotate", name)
		}
	}
	var moving []lattice.Host
	for _, h := range m.Hosts {
		if (len(s.Hosts) == 0 || slices.Contains(s.Hosts, h.Name)) &&
			(len(s.Retire) == 0 || slices.Contains(s.Retire, h.SignsWith)) {
			moving = append(moving, h)
		}
	}
	if len(moving) == 0 {
		return nil, refuse(ErrNotSigning, "latch hosts add HOST", "no host signs with any key: there is nothing to rotate")
	}
	return moving, nil
}

// joined makes one succession of those of all hosts of a key that move to one
// key, so that hosts which join later follow. Where several old keys become one,
// each host keeps its own, for the way back.
func joined(m lattice.Manifest, all []lattice.Succession) []lattice.Succession {
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
