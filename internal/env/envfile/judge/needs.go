package judge

import (
	"strings"

	"github.com/latch-keys/latch/internal/finding"
)

// need is a variable that a Rust host takes only with others beside it.
type need struct {
	name   string
	others []string
}

// needs lists them. Source: wasmCloud v0.82.0 src/main.rs, the requires of its
// arguments; pairs of JWT and seed are judged as logins.
func needs() []need {
	all := []need{
		{"WASMCLOUD_POLICY_CHANGES_TOPIC", []string{"WASMCLOUD_POLICY_TOPIC"}},
		{"WASMCLOUD_POLICY_TIMEOUT", []string{"WASMCLOUD_POLICY_TOPIC"}},
	}
	for _, registry := range []string{"OCI_REGISTRY", "WASMCLOUD_OCI_REGISTRY"} {
		user, password := registry+"_USER", registry+"_PASSWORD"
		all = append(all, need{user, []string{registry, password}}, need{password, []string{registry, user}})
	}
	return all
}

// together finds variables without those that they need.
func (h *host) together() {
	if h.Target.IsOTP() || h.Part {
		return
	}
	for _, n := range needs() {
		e, set := h.Lookup(n.name)
		v, known := h.known.Lookup(n.name)
		if !set || !known || !h.Target.IsZero() && !v.ReadBy(h.Target) {
			continue
		}
		var lacks []string
		for _, other := range n.others {
			if !h.has(other) {
				lacks = append(lacks, other)
			}
		}
		if len(lacks) > 0 {
			severity := finding.Error
			if h.Target.IsZero() {
				severity = finding.Warning
			}
			h.at(e, severity, RuleNeeds, n.name+" without "+strings.Join(lacks, " and ")+": a Rust host does not start", "set "+strings.Join(lacks, " and ")+" too, or take it away")
		}
	}
}
