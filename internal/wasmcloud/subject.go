package wasmcloud

import (
	"slices"
	"strings"
)

// DefaultLattice is the lattice that a host joins which is told none.
const DefaultLattice = "default"

// DefaultCtlTopicPrefix begins the subjects of control commands where the host
// is told no other.
const DefaultCtlTopicPrefix = "wasmbus.ctl"

// PingSubject is where hosts of the target answer who they are. topicPrefix is
// what CtlTopicPrefix says, "" for its default. Source: wasmCloud v0.82.0 and
// v1.0.0 crates/control-interface/src/broker.rs.
func (t Target) PingSubject(lattice, topicPrefix string) string {
	if topicPrefix == "" {
		topicPrefix = DefaultCtlTopicPrefix
	}
	if t.IgnoresClusterKeys() {
		return topicPrefix + ".v1." + lattice + ".host.ping"
	}
	return topicPrefix + "." + lattice + ".ping.hosts"
}

// PingSubjects are those of all targets that read cluster keys or did away with
// them: who asks on each finds every host.
func PingSubjects(lattice, topicPrefix string) []string {
	var all []string
	for _, t := range AllTargets() {
		if subject := t.PingSubject(lattice, topicPrefix); !slices.Contains(all, subject) {
			all = append(all, subject)
		}
	}
	return all
}

// InventorySubject is where a host before 1.0 answers what runs on it. Source:
// wasmCloud v0.82.0 crates/control-interface/src/broker.rs.
func InventorySubject(lattice, topicPrefix, host string) string {
	if topicPrefix == "" {
		topicPrefix = DefaultCtlTopicPrefix
	}
	return topicPrefix + "." + lattice + ".get." + host + ".inv"
}

// EventSubjects are where hosts of all targets tell what happens in a lattice, and
// every half minute that they are there. Source: as of controlUses.
func EventSubjects(lattice string) []string {
	return []string{"wasmbus.evt." + lattice, "wasmbus.evt." + lattice + ".*"}
}

// CallSubject is where a component of that name hears calls. Source: wasmCloud
// v0.82.0 crates/host/src/wasmbus/mod.rs; wRPC's subjects in v1.0.0.
func (t Target) CallSubject(lattice, component string) string {
	if t.IgnoresClusterKeys() {
		return lattice + "." + component + ".wrpc.0.0.1." + component
	}
	return "wasmbus.rpc." + lattice + "." + component
}

// ProviderSubject is where a provider of that name hears calls of hosts before 1.0,
// over a link of that name.
func ProviderSubject(lattice, provider, link string) string {
	return "wasmbus.rpc." + lattice + "." + provider + "." + link
}

// QuestionSubject is where hosts of the target hear a question of that name about
// their lattice, such as for its links. topicPrefix is as in PingSubject.
func (t Target) QuestionSubject(lattice, topicPrefix, question string) string {
	if topicPrefix == "" {
		topicPrefix = DefaultCtlTopicPrefix
	}
	if t.IgnoresClusterKeys() {
		return topicPrefix + ".v1." + lattice + ".link." + question
	}
	return topicPrefix + "." + lattice + ".get." + question
}

// RPCSubjects are all subjects of a lattice that calls go over, and what hosts
// tell providers.
func RPCSubjects(lattice string) string { return "wasmbus.rpc." + lattice + ".>" }

// IsCall tells whether a subject below RPCSubjects is one of calls: an actor's
// key, or a provider's key and a link's name. Longer ones are what hosts tell
// providers, none of it signed: links, health, shutdown. Source: wasmCloud v0.82.0
// crates/host/src/wasmbus/mod.rs, crates/provider-sdk/src/provider.rs.
func IsCall(lattice, subject string) bool {
	rest, below := strings.CutPrefix(subject, "wasmbus.rpc."+lattice+".")
	return below && rest != "" && strings.Count(rest, ".") <= 1
}

// SpareControlSubject is a control subject of the lattice that no host of the target
// listens to by the token's name. topicPrefix is as in PingSubject.
func (t Target) SpareControlSubject(lattice, topicPrefix, token string) string {
	if topicPrefix == "" {
		topicPrefix = DefaultCtlTopicPrefix
	}
	if t.IgnoresClusterKeys() {
		return topicPrefix + ".v1." + lattice + "." + token
	}
	return topicPrefix + "." + lattice + "." + token
}
