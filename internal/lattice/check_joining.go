package lattice

import (
	"fmt"
	"slices"

	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
	"github.com/latch-keys/latch/internal/yamledit"
)

// member is a host on its way into the lattice: what counts of it in the end.
type member struct {
	Host
	index  int
	target Target
	nats   NATS
}

// joining judges whether the hosts come together: that they reach one topic space,
// keep what they know in one place and can read each other.
func (c *checker) joining(d *Document) {
	members := make([]member, len(d.manifest.Hosts))
	told := map[reported]bool{}
	for i, h := range d.manifest.Hosts {
		members[i] = member{h, i, d.manifest.TargetOf(h), d.manifest.NATSOf(h)}
		c.servers(d, members[i], told)
	}
	if len(members) > 0 {
		c.domains(d, members)
		c.topics(d, members)
		c.mixed(d, members)
	}
}

// reported is what has been said of a place.
type reported struct {
	at   *yamledit.Node
	rule finding.Rule
}

// servers compares the connections of one host. What is inherited is told once.
func (c *checker) servers(d *Document, m member, told map[reported]bool) {
	report := func(p Purpose, fields []string, s finding.Severity, rule finding.Rule, hint, message string) {
		at := d.natsPlace(m.index, fields, p, wasmcloud.RPC)
		if key := (reported{at, rule}); !told[key] {
			told[key] = true
			c.report(d, at, s, rule, hint, "host %s: %s", m.Name, message)
		}
	}
	rpc, control := d.manifest.ServerOf(m.Host, wasmcloud.RPC), d.manifest.ServerOf(m.Host, wasmcloud.Control)
	place := []string{"host", "port"}
	if rpc != control {
		report(wasmcloud.Control, place, finding.Warning, RuleTopicSpace, "right only if the two servers share their topics, as those of one cluster do",
			fmt.Sprintf("rpc goes to %s, ctl to %s", rpc, control))
	}
	if on := func(p Purpose) bool { return m.nats.For(p).TLS == On }; on(wasmcloud.RPC) != on(wasmcloud.Control) {
		report(wasmcloud.Control, []string{"tls"}, finding.Warning, RuleTLSDiffers, "set tls for both, or for none", "tls is on for one of rpc and ctl only")
	}
	if !m.target.ReadsProviderRPC() {
		return
	}
	switch providers := d.manifest.ServerOf(m.Host, wasmcloud.ProviderRPC); {
	case providers == rpc:
	case m.nats.For(wasmcloud.ProviderRPC).Host == "":
		report(wasmcloud.RPC, place, providersLost(m), RuleProviderRPC, "set nats.prov_rpc to what rpc is",
			fmt.Sprintf("rpc goes to %s, but its providers look for NATS at %s, since prov_rpc is not set", rpc, providers))
	default:
		report(wasmcloud.ProviderRPC, place, finding.Warning, RuleTopicSpace, "right only if the two servers share their topics, as those of one cluster do",
			fmt.Sprintf("rpc goes to %s, prov_rpc to %s", rpc, providers))
	}
}

// providersLost is how bad it is that providers are sent elsewhere than rpc: a Rust
// host without a server there exits, an OTP host runs and its providers do not.
func providersLost(m member) finding.Severity {
	if m.target.IsOTP() {
		return finding.Warning
	}
	return finding.Error
}

// domains finds hosts that keep claims and links in another JetStream domain than
// the first.
func (c *checker) domains(d *Document, members []member) {
	name := func(domain string) string {
		if domain == "" {
			return "none"
		}
		return domain
	}
	first := members[0]
	for _, m := range members[1:] {
		if m.nats.JetStreamDomain != first.nats.JetStreamDomain {
			at := d.item("hosts", m.index, "nats").Get("js_domain")
			c.report(d, orName(d, m, at), finding.Warning, RuleDomainDiffers, "give all hosts the same, unless those without one are connected to its servers",
				"host %s has the JetStream domain %s, host %s %s: they may not share claims and links",
				m.Name, name(m.nats.JetStreamDomain), first.Name, name(first.nats.JetStreamDomain))
			return
		}
	}
}

// topics finds a host that listens for control commands elsewhere than the first.
func (c *checker) topics(d *Document, members []member) {
	first := members[0].controlTopic()
	for _, m := range members[1:] {
		if topic := m.controlTopic(); topic != first {
			at := d.item("hosts", m.index, "env").Get(wasmcloud.CtlTopicPrefix)
			c.report(d, orName(d, m, at), finding.Warning, RuleTopicsDiffer, "give all hosts of a lattice the same "+wasmcloud.CtlTopicPrefix,
				"host %s listens for control commands on %s, host %s on %s", m.Name, shown(topic), members[0].Name, shown(first))
			return
		}
	}
}

// mixed finds hosts that cannot read each other. Source: OTP hosts put a cluster
// key where Rust hosts want a host's (wasmCloud v0.81.0 crates/core/src/lib.rs,
// issue 852); hosts up to 0.80 cannot read the claims that later ones store.
func (c *checker) mixed(d *Document, members []member) {
	readers := func(reads func(Target) bool) int {
		return slices.IndexFunc(members, func(m member) bool { return !m.target.IgnoresClusterKeys() && reads(m.target) })
	}
	report := func(a, b int, hint, format string, args ...any) {
		later := members[max(a, b)]
		c.report(d, orName(d, later, d.item("hosts", later.index, "target")), finding.Warning, RuleMixedHosts, hint, format, args...)
	}
	isOld := func(t Target) bool { return !t.IsOTP() && t.ReadsProviderRPC() }
	isNew := func(t Target) bool { return !t.IsOTP() && !t.ReadsProviderRPC() }
	otp, old, fresh := readers(Target.IsOTP), readers(isOld), readers(isNew)
	if rust := earliest(old, fresh); otp >= 0 && rust >= 0 {
		report(otp, rust, "bring the hosts of one lattice to one generation",
			"%s runs a Rust host, %s an OTP host: Rust hosts refuse every invocation of OTP hosts", members[rust].Name, members[otp].Name)
	}
	if old >= 0 && fresh >= 0 {
		report(old, fresh, "bring all Rust hosts to 0.81 or later",
			"%s runs %s, %s %s: hosts up to 0.80 cannot read the claims that later ones store, and refuse their calls",
			members[old].Name, members[old].target, members[fresh].Name, members[fresh].target)
	}
}

// earliest is the lesser of two indexes that are there.
func earliest(a, b int) int {
	if a < 0 || b >= 0 && b < a {
		return b
	}
	return a
}

// orName is the place, or that of the host's name.
func orName(d *Document, m member, at *yamledit.Node) *yamledit.Node {
	if at == nil {
		return d.item("hosts", m.index, "name")
	}
	return at
}

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
