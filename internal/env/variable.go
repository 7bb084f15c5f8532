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
	Form      string           // of its value
	Sensitive bool             // its value is a secret
	Targets   []lattice.Target // the targets whose hosts read it, oldest first

	assign func(facts) Assignment // nil where latch does not write it
}

// facts are what the values of a host's variables are made of.
type facts struct {
	lattice    string
	generation uint64
	accepted   string // the issuers, joined by commas
	host       lattice.Host
	issuer     lattice.Issuer // what the host signs with; zero where the manifest has none
	target     lattice.Target
	nats       lattice.NATS
	seed       keys.Seed
	logins     Logins
}

// ReadBy reports whether hosts of the target read the variable.
func (v Variable) ReadBy(t lattice.Target) bool { return slices.Contains(v.Targets, t) }

// Written reports whether latch writes the variable, from the manifest. Others
// can be given to a host by the manifest's env, if they are not secret.
func (v Variable) Written() bool { return v.assign != nil }

// Variables lists every variable that hosts read, those that latch writes first,
// in the order in which they are written. Source: wasmcloud-otp v0.63.2
// config_plan.ex, wasmCloud v0.78.0 to v0.82.0, v1.0.0 and v1.3.0 src/main.rs.
func Variables() []Variable {
	return slices.Concat(latticeVariables(), natsVariables(), labelVariables(), connectVariables(), hostVariables(), otherVariables())
}

// from gives the targets from the oldest to the newest named, or to the last
// where none is.
func from(oldest, newest string) []lattice.Target {
	all := lattice.AllTargets()
	index := func(name string) int {
		return slices.IndexFunc(all, func(t lattice.Target) bool { return t.String() == name })
	}
	last := len(all)
	if newest != "" {
		last = index(newest) + 1
	}
	return all[index(oldest):last]
}
