package env

import (
	"slices"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

// Variable is an environment variable that hosts read.
type Variable struct {
	Name      string
	Meaning   string
	Sensitive bool             // its value is a secret
	Targets   []lattice.Target // the targets whose hosts read it, oldest first

	value func(facts) Assignment
}

// facts are what the values of a host's variables are made of.
type facts struct {
	lattice string
	issuers keys.Issuers
	seed    keys.Seed
}

// ReadBy reports whether hosts of the target read the variable.
func (v Variable) ReadBy(t lattice.Target) bool { return slices.Contains(v.Targets, t) }

// Variables lists every variable, in the order in which they are written.
// Source: wasmcloud-otp v0.63.2 config_plan.ex, wasmCloud v0.78.0 to v0.82.0
// src/main.rs.
func Variables() []Variable {
	return []Variable{
		{
			Name:    "WASMCLOUD_LATTICE",
			Meaning: "the lattice the host joins",
			Targets: since("rust-0.82"),
			value:   latticeName,
		},
		{
			Name: "WASMCLOUD_LATTICE_PREFIX",
			Meaning: "the lattice the host joins; from rust-0.82 a deprecated alias that overrides WASMCLOUD_LATTICE, " +
				"so that both are given the same value",
			Targets: since("otp"),
			value:   latticeName,
		},
		{
			Name:    "WASMCLOUD_CLUSTER_ISSUERS",
			Meaning: "the cluster public keys whose invocations the host accepts, its own among them; commas, no blanks",
			Targets: since("otp"),
			value:   func(f facts) Assignment { return Assignment{plain: f.issuers.String()} },
		},
		{
			Name:      "WASMCLOUD_CLUSTER_SEED",
			Meaning:   "the cluster seed the host signs its invocations with",
			Sensitive: true,
			Targets:   since("otp"),
			value:     func(f facts) Assignment { return Assignment{seed: f.seed} },
		},
	}
}

func latticeName(f facts) Assignment { return Assignment{plain: f.lattice} }

// since gives the named target and every later one.
func since(oldest string) []lattice.Target {
	all := lattice.Targets()
	first := slices.IndexFunc(all, func(t lattice.Target) bool { return t.String() == oldest })
	return all[first:]
}
