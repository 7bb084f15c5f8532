package judge

import (
	"fmt"
	"slices"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// together judges the hosts as a set.
func (c *checker) together() {
	lattices := groupBy(c.hosts, func(h *host) string { return h.lattice })
	for _, members := range lattices {
		c.refusals(members)
		c.accepted(members)
		c.topics(members)
		c.domains(members)
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
			h.at(h.entry(wasmcloud.ClusterIssuers), finding.Error, RuleRefused,
				fmt.Sprintf("%s %s what %s with %s", namesOf(accept), plural(accept, "refuses", "refuse"), namesOf(sign)+" "+plural(sign, "signs", "sign"), key),
				"add the key to the issuers")
		}
	}
}

// namesOf names hosts without naming all of many.
func namesOf(hosts []*host) string {
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
		h.at(h.entry(wasmcloud.ClusterIssuers), finding.Warning, RuleIssuersDiffer,
			fmt.Sprintf("%s %s other keys than %s", namesOf(group), plural(group, "accepts", "accept"), namesOf(lists[0])),
			"right only while keys are being rotated")
	}
}

func (c *checker) topics(members []*host) {
	topics := groupBy(members, (*host).topic)
	for _, group := range topics[1:] {
		h := group[0]
		h.at(h.entry(topicName), finding.Warning, RuleTopicsDiffer,
			fmt.Sprintf("%s %s for control commands on other topics than %s", namesOf(group), plural(group, "listens", "listen"), namesOf(topics[0])),
			"give all hosts of a lattice the same "+topicName)
	}
}

// domains finds hosts that keep the lattice's cache elsewhere.
func (c *checker) domains(members []*host) {
	domains := groupBy(members, func(h *host) string { return h.value(wasmcloud.JetStreamDomain) })
	for _, group := range domains[1:] {
		h := group[0]
		h.at(h.entry(wasmcloud.JetStreamDomain), finding.Warning, RuleDomainsDiffer,
			fmt.Sprintf("%s %s the lattice's cache in another JetStream domain than %s", namesOf(group), plural(group, "keeps", "keep"), namesOf(domains[0])),
			"give all hosts of a lattice the same "+wasmcloud.JetStreamDomain)
	}
}

// generations finds hosts of versions that do not understand each other.
// Invocations of OTP hosts carry a host ID that Rust hosts refuse: wasmCloud
// v0.81.0 crates/core/src/lib.rs, wasmCloud issue 852. Hosts 0.78 to 0.80 cannot
// read the claims that 0.81 and later store: seen of real hosts. 1.0 and later
// speak another protocol.
func (c *checker) generations(members []*host) {
	old := func(h *host) bool { return h.isRust() && h.Target.ReadsProviderRPC() }
	recent := func(h *host) bool {
		return h.isRust() && !h.Target.ReadsProviderRPC() && !h.Target.IgnoresClusterKeys()
	}
	next := func(h *host) bool { return h.Target.IgnoresClusterKeys() }
	former := func(h *host) bool { return !h.Target.IsZero() && !h.Target.IgnoresClusterKeys() }
	c.apart(members, (*host).isRust, func(h *host) bool { return h.Target.IsOTP() }, "%s runs a Rust host, %s an OTP host: Rust hosts refuse every invocation of OTP hosts")
	c.apart(members, old, recent, "%s is of 0.78 to 0.80, %s of 0.81 or later: the former cannot read the claims that the latter stores, and refuses its calls")
	c.apart(members, next, former, "%s is of 1.0 or later, %s of an earlier version: they do not speak with each other")
}

// apart finds a pair of hosts that do not understand each other.
func (c *checker) apart(members []*host, one, other func(*host) bool, message string) {
	a, b := slices.IndexFunc(members, one), slices.IndexFunc(members, other)
	if a >= 0 && b >= 0 {
		members[a].whole(finding.Warning, RuleMixedHosts, fmt.Sprintf(message, members[a].Name, members[b].Name), "bring the hosts of one lattice to one version")
	}
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
				h.at(h.entry(prefixName), finding.Error, RulePrefixDiffers,
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
			h.at(e, finding.Error, RuleHostTwice, fmt.Sprintf("%s and %s have the same host key, %s", h.Name, first.Name, id), "give each host a key of its own, or none")
		} else {
			owner[id] = h
		}
	}
}
