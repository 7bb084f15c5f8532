package judge

import (
	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// empty finds variables that are set to nothing. A Rust host takes that for a
// value, an OTP host for none where the variable is a text.
func (h *host) empty() {
	for _, e := range h.Counting() {
		name := e.Name
		if len(e.Value()) > 0 || e.Expanded || !hostenv.Concerns(name) || hostenv.IsLabel(name) {
			continue
		}
		severity, what := h.emptiness(name)
		if severity != "" {
			h.at(e, severity, hostenv.RuleEmpty, name+" is empty: "+what, "give it a value, or take the line away")
		}
	}
}

// emptiness is what a host does with an empty variable; "" where it is none the
// worse for it.
func (h *host) emptiness(name string) (finding.Severity, string) {
	v, known := h.known.Lookup(name)
	secret := known && v.Sensitivity != wasmcloud.Public
	switch {
	case !h.Target.IsZero() && known && !v.ReadBy(h.Target):
		return "", ""
	case name == wasmcloud.ClusterSeed && h.Target.IsOTP():
		return finding.Error, "an OTP host makes up a key that nobody accepts"
	case name == wasmcloud.ClusterSeed && h.Target.IsZero():
		return finding.Error, "a Rust host exits, an OTP host makes up a key that nobody accepts"
	case name == wasmcloud.ClusterSeed:
		return finding.Error, "a Rust host exits"
	case name == wasmcloud.ClusterIssuers:
		return finding.Warning, "the host accepts only its own key"
	case (name == latticeName || name == prefixName) && !h.Target.IsOTP():
		return finding.Error, "a Rust host runs in a lattice without a name and answers nobody"
	case name == topicName && !h.Target.IsOTP():
		return finding.Error, "a Rust host hears no control commands"
	case h.Target.IsOTP() && secret:
		return "", ""
	case h.isRust():
		return finding.Error, "a Rust host takes that for a value and does not start"
	case h.Target.IsOTP():
		return finding.Error, "an OTP host crashes on it, or takes it for a value"
	}
	return finding.Error, "a Rust host takes that for a value, an OTP host for none"
}
