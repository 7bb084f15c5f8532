package lattice

import (
	"fmt"
	"strings"
)

// Target is the generation of hosts an environment is made for: which
// variables are read, and in which form. It is a comparable value; the zero
// Target is none.
type Target struct{ name string }

// The targets. Source: WASMCLOUD_CLUSTER_SEED is read by wasmcloud-otp 0.50 to
// 0.63 and by wasmCloud 0.78 to 0.82; 1.0 removed it (wasmCloud bc5d296f3).
const (
	otp    = "otp"
	rust10 = "rust-1.0"
)

// Targets lists those whose hosts read cluster keys, oldest first.
func Targets() []Target {
	return []Target{{otp}, {"rust-0.78"}, {"rust-0.79"}, {"rust-0.80"}, {"rust-0.81"}, {"rust-0.82"}}
}

// ParseTarget reads a target by its exact name. rust-1.0 is read too, so that
// the rules can say why it will not do. The error lists the known targets.
func ParseTarget(name string) (Target, error) {
	for _, t := range append(Targets(), Target{rust10}) {
		if t.name == name {
			return t, nil
		}
	}
	return Target{}, fmt.Errorf("unknown target %s: must be one of %s", shown(name), strings.Join(targetNames(), ", "))
}

func targetNames() []string {
	var names []string
	for _, t := range Targets() {
		names = append(names, t.name)
	}
	return names
}

// String is the target's name, "" for the zero Target.
func (t Target) String() string { return t.name }

// MarshalText is the target's name, for JSON output.
func (t Target) MarshalText() ([]byte, error) { return []byte(t.name), nil }

// IsZero reports whether t is no target.
func (t Target) IsZero() bool { return t.name == "" }

// IgnoresClusterKeys reports whether hosts of the target (1.0 and later) read
// neither a cluster seed nor cluster issuers: there, cluster keys protect nothing.
func (t Target) IgnoresClusterKeys() bool { return t.name == rust10 }
