package lattice

import (
	"fmt"
	"slices"
	"strings"
)

// Target is the generation of hosts an environment is made for: which
// variables are read, and in which form. It is a comparable value; the zero
// Target is none.
type Target struct{ name string }

// The targets by whose names something is decided. Source: WASMCLOUD_CLUSTER_SEED
// is read by wasmcloud-otp 0.50 to 0.63 and by wasmCloud 0.78 to 0.82; 1.0
// removed it (wasmCloud bc5d296f3).
const (
	otp051 = "otp-0.51"
	otp    = "otp"
	rust80 = "rust-0.80"
	rust82 = "rust-0.82"
	rust13 = "rust-1.3"
)

// AllTargets lists every target, oldest first. A target stands for its version
// and all that follow up to the next: otp-0.51 for OTP 0.51 to 0.59, otp for the
// rest of OTP 0.50 to 0.63, rust-1.3 for 1.3 and later.
func AllTargets() []Target {
	return []Target{
		{otp051},
		{otp},
		{"rust-0.78"},
		{"rust-0.79"},
		{rust80},
		{"rust-0.81"},
		{rust82},
		{"rust-1.0"},
		{rust13},
	}
}

// Targets lists those whose hosts read cluster keys, oldest first.
func Targets() []Target {
	return slices.DeleteFunc(AllTargets(), Target.IgnoresClusterKeys)
}

// ParseTarget reads a target by its exact name. The error lists those there are.
func ParseTarget(name string) (Target, error) {
	var known []string
	for _, t := range AllTargets() {
		if t.name == name {
			return t, nil
		}
		known = append(known, t.name)
	}
	return Target{}, fmt.Errorf("unknown target %s: must be one of %s", shown(name), strings.Join(known, ", "))
}

// String is the target's name, "" for the zero Target.
func (t Target) String() string { return t.name }

// MarshalText is the target's name, for JSON output.
func (t Target) MarshalText() ([]byte, error) { return []byte(t.name), nil }

// IsZero reports whether t is no target.
func (t Target) IsZero() bool { return t.name == "" }

// IsOTP reports whether hosts of the target are those written in Elixir.
func (t Target) IsOTP() bool { return t.name == otp051 || t.name == otp }

// IgnoresClusterKeys reports whether hosts of the target (1.0 and later) read
// neither a cluster seed nor cluster issuers: there, cluster keys protect nothing.
func (t Target) IgnoresClusterKeys() bool { return t.after(rust82) }

// ReadsProviderRPC reports whether hosts of the target read connection settings
// of their own for providers. Source: WASMCLOUD_PROV_RPC_HOST is gone from
// wasmCloud v0.81.0 src/main.rs.
func (t Target) ReadsProviderRPC() bool { return !t.after(rust80) }

// ReadsCredsFiles reports whether hosts of the target read NATS credentials
// files themselves; others must be told what is in one. Source: wasmCloud v1.3.0.
func (t Target) ReadsCredsFiles() bool { return t.name == rust13 }

// after reports whether t is newer than the target of that name.
func (t Target) after(name string) bool {
	all := AllTargets()
	return slices.Index(all, t) > slices.Index(all, Target{name})
}
