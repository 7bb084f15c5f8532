package lattice

import (
	"slices"

	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// apart finds lattices of different prefixes that share subjects all the same: one
// is called as a word of the subjects, or the topics of one lie within the other's.
func (c *checker) apart() {
	setups := make([][]permissions.Setup, len(c.docs))
	odd := make([]bool, len(c.docs))
	for i, d := range c.docs {
		setups[i] = d.manifest.setups()
		odd[i] = permissions.IsWord(d.manifest.Lattice) || slices.ContainsFunc(setups[i], func(s permissions.Setup) bool { return s.TopicPrefix != "" })
	}
	for i, d := range c.docs {
		for j, other := range c.docs[:i] {
			if d.manifest.Lattice == other.manifest.Lattice || !odd[i] && !odd[j] {
				continue
			}
			if mine, theirs, both := overlap(setups[i], setups[j]); both {
				c.report(d, d.place("lattice"), finding.Warning, RuleOverlap, "fine if their hosts never share a NATS account; else rename one, or give it another "+wasmcloud.CtlTopicPrefix,
					"the lattices %s and %s hear each other: %s, of %s, shares subjects with %s", d.manifest.Lattice, other.manifest.Lattice, mine, d.manifest.Lattice, theirs)
			}
		}
	}
}

// setups are the kinds of hosts that the manifest has, as far as their subjects go.
func (m Manifest) setups() []permissions.Setup {
	var all []permissions.Setup
	for _, h := range m.Hosts {
		s := permissions.Setup{Target: m.TargetOf(h), Lattice: m.Lattice}
		if topic := h.controlTopic(); topic != wasmcloud.DefaultCtlTopicPrefix {
			s.TopicPrefix = topic
		}
		if !slices.Contains(all, s) {
			all = append(all, s)
		}
	}
	return all
}

func overlap(a, b []permissions.Setup) (mine, theirs string, both bool) {
	for _, s := range a {
		for _, o := range b {
			if mine, theirs, both := s.HearsToo(o); both {
				return mine, theirs, true
			}
		}
	}
	return "", "", false
}
