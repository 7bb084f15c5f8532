package wasmcloud

import "slices"

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

// EventSubjects are where hosts of all targets tell what happens in a lattice, and
// every half minute that they are there. Source: as of controlUses.
func EventSubjects(lattice string) []string {
	return []string{"wasmbus.evt." + lattice, "wasmbus.evt." + lattice + ".*"}
}
