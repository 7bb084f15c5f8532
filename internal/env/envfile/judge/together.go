package judge

import (
	"fmt"
	"slices"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// together judges the hosts as a set.
func (c *checker) together() {
	lattices := groupBy(c.hosts, func(h *host) string { return h.lattice })
	for _, members := range lattices {
		c.refusals(members)
		c.accepted(members)
		c.topics(members)
		c.generations(members)
	}
	c.sharedKeys(lattices)
	c.hostSeeds()
}

// groupBy keeps the order of the hosts, and that of the groups by their first.
func groupBy[K comparable](hosts []*host, key func(*host) K) [][]*host {
	index := map[K]int{}
	var groups [][]*host
	for _, h := range hosts {
		k := key(h)
		i, known := index[k]
		if !known {
			i = len(groups)
			index[k] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], h)
	}
	return groups
}

// entry is where a variable is set, or where the host begins.
func (h *host) entry(name string) hostenv.Entry {
	if e, ok := h.Lookup(name); ok {
		return e
	}
	return hostenv.Entry{Path: h.Path, Line: h.Line, Column: 1}
}

// refusals finds hosts that do not accept what others of their lattice sign. As
// a rule many hosts share a list: each list is held against each key once.
func (c *checker) refusals(members []*host) {
	signers := groupBy(members, func(h *host) keys.PublicKey { return h.standing.Signs })
	acceptors := groupBy(members, func(h *host) string { return h.standing.Accepts.String() })
	for _, accept := range acceptors {
		for _, sign := range signers {
			key := sign[0].standing.Signs
			if key.IsZero() || accept[0].standing.Accepts.Contains(key) {
				continue
			}
			h := accept[0]
			h.at(h.entry(wasmcloud.ClusterIssuers), lattice.SeverityError, RuleRefused,
				fmt.Sprintf("%s %s what %s with %s", crowd(accept), plural(accept, "refuses", "refuse"), crowd(sign)+" "+plural(sign, "signs", "sign"), key),
				"add the key to the issuers")
		}
	}
}

// crowd names hosts without naming all of many.
func crowd(hosts []*host) string {
	if len(hosts) == 1 {
		return hosts[0].Name
	}
	return fmt.Sprintf("%s and %d more", hosts[0].Name, len(hosts)-1)
}

func plural(hosts []*host, one, many string) string {
	if len(hosts) == 1 {
		return one
	}
	return many
}

// accepted finds lists that hold other keys than that of the first host; the
// order does not matter.
func (c *checker) accepted(members []*host) {
	lists := groupBy(members, func(h *host) string {
		list := slices.Clone(h.standing.Accepts)
		slices.SortFunc(list, func(a, b keys.PublicKey) int { return slices.Compare(a.Bytes(), b.Bytes()) })
		return list.String()
	})
	for _, group := range lists[1:] {
		h := group[0]
		h.at(h.entry(wasmcloud.ClusterIssuers), lattice.SeverityWarning, RuleIssuersDiffer,
			fmt.Sprintf("%s %s other keys than %s", crowd(group), plural(group, "accepts", "accept"), crowd(lists[0])),
			"right only while keys are being rotated")
	}
}

func (c *checker) topics(members []*host) {
	topics := groupBy(members, (*host).topic)
	for _, group := range topics[1:] {
		h := group[0]
		h.at(h.entry(topicName), lattice.SeverityWarning, RuleTopicsDiffer,
			fmt.Sprintf("%s %s for control commands on other topics than %s", crowd(group), plural(group, "listens", "listen"), crowd(topics[0])),
			"give all hosts of a lattice the same "+topicName)
	}
}

// generations: invocations of OTP hosts carry a host ID that Rust hosts refuse.
// Source: wasmCloud v0.81.0 crates/core/src/lib.rs, wasmCloud issue 852.
func (c *checker) generations(members []*host) {
	otp := slices.IndexFunc(members, func(h *host) bool { return h.Target.IsOTP() })
	rust := slices.IndexFunc(members, (*host).isRust)
	if otp < 0 || rust < 0 {
		return
	}
	members[rust].whole(lattice.SeverityWarning, RuleMixedHosts,
		fmt.Sprintf("%s runs a Rust host, %s an OTP host: Rust hosts refuse every invocation of OTP hosts", members[rust].Name, members[otp].Name),
		"bring the hosts of one lattice to one generation")
}

// sharedKeys finds keys that serve two lattices: each then accepts what the other
// signs. Where most hosts agree on the prefix, it is a slip of the pen.
func (c *checker) sharedKeys(lattices [][]*host) {
	owner := map[keys.PublicKey]*host{}
	for _, members := range lattices {
		for _, h := range members {
			key := h.standing.Signs
			first, known := owner[key]
			switch {
			case key.IsZero():
			case !known:
				owner[key] = h
			case first.lattice != h.lattice:
				h.at(h.entry(prefixName), lattice.SeverityError, RulePrefixDiffers,
					fmt.Sprintf("%s is in the lattice %q, %s in %q, and both sign with %s", h.Name, h.lattice, first.Name, first.lattice, key),
					"give them the same prefix, or each lattice keys of its own")
				owner[key] = h
			}
		}
	}
}

func (c *checker) hostSeeds() {
	owner := map[string]*host{}
	for _, h := range c.hosts {
		e, ok := h.get(wasmcloud.HostSeed)
		if !ok {
			continue
		}
		seed, err := keys.ParseSeed(e.Value(), keys.Server)
		if err != nil {
			continue
		}
		seed.Wipe()
		id := seed.PublicKey().String()
		if first, twice := owner[id]; twice {
			h.at(e, lattice.SeverityError, RuleHostTwice, fmt.Sprintf("%s and %s have the same host key, %s", h.Name, first.Name, id), "give each host a key of its own, or none")
		} else {
			owner[id] = h
		}
	}
}
