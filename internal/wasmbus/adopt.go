package wasmbus

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Adoption is a manifest made from what hosts answered, and what of it was left out.
type Adoption struct {
	Manifest lattice.Manifest
	LeftOut  []LeftOut
	Remarks  []string // what else somebody has to look at
}

// LeftOut is a host that is not taken into the manifest, and why.
type LeftOut struct {
	Host string
	Key  keys.PublicKey // the host's own
	Why  string
}

// Adopting says how a manifest is made of answers.
type Adopting struct {
	Lattice string
	Names   map[keys.PublicKey]string                       // what hosts are called, by their own keys
	KeyName func(key keys.PublicKey) (name string, ok bool) // what a cluster key is called in the keystore
}

// Adopt makes a manifest of the hosts that accept each other. Only keys that hosts
// other than their signer accept become issuers: nothing in an answer is signed, and
// a key that only its own answer speaks for would be let in by it.
func Adopt(o Adopting, a Answers) (Adoption, error) {
	var found Adoption
	var able []Reply
	for _, r := range a.Replies {
		if why := unable(o, r); why != "" {
			found.leave(o, r, why)
		} else {
			able = append(able, r)
		}
	}
	for _, c := range a.Conflicts {
		found.LeftOut = append(found.LeftOut, LeftOut{c.Replies[0].Called(), c.Key, "its host key gives answers that differ: somebody answers in its place"})
	}
	if len(able) == 0 {
		return found, fault.New(fault.NotFound, "no host answered that says what it signs with and accepts").WithHint("latch lattice init")
	}
	groups := acquainted(able)
	if len(able) > 1 && len(groups[0]) == 1 {
		return found, fault.New(fault.Refused, "each of the %d hosts is a lattice of one: none accepts what another signs", len(able)).
			WithHint("nothing is lost by making new keys for all: latch lattice init --prefix %s --host NAME…", o.Lattice)
	}
	if len(groups) > 1 && len(groups[1]) == len(groups[0]) {
		return found, fault.New(fault.Refused, "the hosts make several lattices of equal size: %s accept each other, and so do %s", o.names(groups[0]), o.names(groups[1])).
			WithHint("look at who they are: latch lattice status")
	}
	for _, group := range groups[1:] {
		for _, r := range group {
			found.leave(o, r, "it is a lattice of one: no other host accepts what it signs, or it accepts none of theirs")
		}
	}
	return found, found.take(o, groups[0])
}

func (f *Adoption) leave(o Adopting, r Reply, why string) {
	f.LeftOut = append(f.LeftOut, LeftOut{o.nameOf(r), r.Key, why})
}

// unable says why a manifest cannot list the host, "" where it can.
func unable(o Adopting, r Reply) string {
	_, known := wasmcloud.TargetOfRelease(r.Version)
	switch {
	case r.Lattice != "" && r.Lattice != o.Lattice:
		return "it says that it is in another lattice"
	case r.Ignores:
		return "it runs " + r.Version + ", which has no cluster keys"
	case !r.Tells:
		return "its version does not say what it signs with and accepts"
	case r.Signs.IsZero():
		return "it signs with no cluster key"
	case !known:
		return "latch knows no target for its version"
	}
	return ""
}

// acquainted gives the hosts in groups of those that accept each other, directly or
// by way of others, the largest group first.
func acquainted(all []Reply) [][]Reply {
	var lists []map[keys.PublicKey]bool
	byKey := map[keys.PublicKey][]int{}
	for i, r := range all {
		set := make(map[keys.PublicKey]bool, len(r.Accepts))
		for _, key := range r.Accepts {
			set[key] = true
		}
		lists = append(lists, set)
		byKey[r.Signs] = append(byKey[r.Signs], i)
	}
	taken := make([]bool, len(all))
	var groups [][]Reply
	for first := range all {
		if taken[first] {
			continue
		}
		taken[first] = true
		var group []Reply
		for queue := []int{first}; len(queue) > 0; queue = queue[1:] {
			i := queue[0]
			group = append(group, all[i])
			for _, key := range all[i].Accepts {
				for _, j := range byKey[key] {
					if !taken[j] && lists[j][all[i].Signs] {
						taken[j] = true
						queue = append(queue, j)
					}
				}
			}
		}
		groups = append(groups, group)
	}
	slices.SortStableFunc(groups, func(a, b []Reply) int { return cmp.Compare(len(b), len(a)) })
	return groups
}

// nameOf is what a host is called in the manifest: as a person says, as its label
// says, or as it calls itself.
func (o Adopting) nameOf(r Reply) string {
	if name := o.Names[r.Key]; name != "" {
		return name
	}
	return r.Called()
}

func (o Adopting) names(group []Reply) string {
	var names []string
	for _, r := range group[:min(len(group), mostNamed)] {
		names = append(names, o.nameOf(r))
	}
	if more := len(group) - mostNamed; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names, ", "), more)
	}
	return strings.Join(names, " and ")
}

// take makes the manifest of a group.
func (f *Adoption) take(o Adopting, group []Reply) error {
	m := lattice.Manifest{Lattice: o.Lattice, Generation: 1}
	m.Issuers = f.issuers(o, group)
	m.Target = usualTarget(group)
	hosts := map[string]lattice.Host{}
	for _, r := range group {
		m.Generation = max(m.Generation, r.Generation()+1)
		h := lattice.Host{Name: o.nameOf(r)}
		if target, _ := wasmcloud.TargetOfRelease(r.Version); target != m.Target {
			h.Target = target
		}
		is, _ := m.IssuerOf(r.Signs)
		h.SignsWith = is.Name
		if other, twice := hosts[h.Name]; twice {
			if other.SignsWith != h.SignsWith || other.Target != h.Target {
				return fault.New(fault.Refused, "two hosts run as %s and differ", h.Name).WithHint("name each by its host key: --match NAME=N…")
			}
			continue
		}
		if o.Names[r.Key] == "" && r.Labels[wasmcloud.HostLabel] == "" {
			f.Remarks = append(f.Remarks, fmt.Sprintf("%s has no label of latch's, and is called as it calls itself until it restarts: name it with --match NAME=%s", h.Name, r.Key))
		}
		hosts[h.Name] = h
	}
	for _, name := range slices.Sorted(maps.Keys(hosts)) {
		m.Hosts = append(m.Hosts, hosts[name])
	}
	m.NATS = f.nats(group)
	f.Manifest = m
	return nil
}

// usualTarget is what most of the hosts run.
func usualTarget(group []Reply) wasmcloud.Target {
	counts := map[wasmcloud.Target]int{}
	for _, r := range group {
		target, _ := wasmcloud.TargetOfRelease(r.Version)
		counts[target]++
	}
	return slices.MaxFunc(wasmcloud.AllTargets(), func(a, b wasmcloud.Target) int { return cmp.Compare(counts[a], counts[b]) })
}
