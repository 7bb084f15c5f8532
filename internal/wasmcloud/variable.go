package wasmcloud

import (
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/keys"
)

// The variables that code speaks of by name.
const (
	Lattice          = "WASMCLOUD_LATTICE"
	LatticePrefix    = "WASMCLOUD_LATTICE_PREFIX"
	ClusterIssuers   = "WASMCLOUD_CLUSTER_ISSUERS"
	ClusterSeed      = "WASMCLOUD_CLUSTER_SEED"
	HostSeed         = "WASMCLOUD_HOST_SEED"
	JetStreamDomain  = "WASMCLOUD_JS_DOMAIN"
	CtlTopicPrefix   = "WASMCLOUD_CTL_TOPIC_PREFIX"
	NATSSeed         = "WASMCLOUD_NATS_SEED"
	MisspeltNATSSeed = "WASMCOULD_NATS_SEED" // sic: hosts 0.81 to 1.1 read this

	ConfigServiceSwitch = "WASMCLOUD_CONFIG_SERVICE"
	PolicyTopic         = "WASMCLOUD_POLICY_TOPIC"
	PolicyChangesTopic  = "WASMCLOUD_POLICY_CHANGES_TOPIC"
	SecretsTopic        = "WASMCLOUD_SECRETS_TOPIC"
)

// What the names of a host's labels begin with, as variables.
const (
	OldLabel = "HOST_"
	Label    = "WASMCLOUD_LABEL_"
)

// The labels that latch gives hosts, which make a running one recognisable. They are in
// lower case since OTP hosts fold labels and others do not.
const (
	HostLabel       = "latch_host"       // its name in the manifest
	GenerationLabel = "latch_generation" // the manifest's
	ToldLabel       = "latch_told"       // what the manifest has it told, in short: only where latch started it
)

// Sensitivity says who may see a variable's value.
type Sensitivity uint8

// The sensitivities.
const (
	Public       Sensitivity = iota // anyone may see it
	Confidential                    // useless by itself, and still nothing to show: a JWT
	Secret                          // nobody may see it
)

// Variable is an environment variable that hosts read.
type Variable struct {
	Name        string // one that ends in * stands for every name that begins so
	Meaning     string
	Form        string // of its value
	Sensitivity Sensitivity
	Key         keys.Slot // what keys its value holds; the zero Slot is none

	otp, rust spans // the releases that read it
}

// Variables lists every variable that hosts read, those first that make a host a
// member of its lattice.
func Variables() []Variable {
	return slices.Concat(latticeVariables(), connectionVariables(), labelVariables(), defaultConnectionVariables(),
		hostVariables(), policyVariables(), imageVariables(), logVariables(), telemetryVariables(), limitVariables())
}

// ReadBy reports whether some host of the target reads the variable.
func (v Variable) ReadBy(t Target) bool {
	return v.releases(t).overlap(t.releases())
}

func (v Variable) releases(t Target) spans {
	if t.IsOTP() {
		return v.otp
	}
	return v.rust
}

// Targets lists those of whose hosts some read the variable, oldest first.
func (v Variable) Targets() []Target {
	return slices.DeleteFunc(AllTargets(), func(t Target) bool { return !v.ReadBy(t) })
}

// Releases names the releases that read the variable, for people.
func (v Variable) Releases() string {
	var programs []string
	if len(v.otp) > 0 {
		programs = append(programs, v.otp.text(true))
	}
	if len(v.rust) > 0 {
		programs = append(programs, v.rust.text(false))
	}
	return strings.Join(programs, "; ")
}

// Readers names the targets of whose hosts some read the variable, for people:
// those that follow each other by the first and the last.
func (v Variable) Readers() string {
	var rows []string
	all := AllTargets()
	for first := 0; first < len(all); first++ {
		end := first
		for end < len(all) && v.ReadBy(all[end]) {
			end++
		}
		switch {
		case end == first:
			continue
		case end-first == len(all):
			return "all"
		case end == len(all):
			rows = append(rows, all[first].String()+" and later")
		case end-first == 1:
			rows = append(rows, all[first].String())
		default:
			rows = append(rows, all[first].String()+" to "+all[end-1].String())
		}
		first = end
	}
	return strings.Join(rows, ", ")
}

// Registry finds variables by their names.
type Registry struct {
	byName   map[string]Variable
	prefixes []Variable
}

// NewRegistry makes the registry of all Variables.
func NewRegistry() Registry {
	r := Registry{byName: map[string]Variable{}}
	for _, v := range Variables() {
		if strings.HasSuffix(v.Name, "*") {
			r.prefixes = append(r.prefixes, v)
		} else {
			r.byName[v.Name] = v
		}
	}
	return r
}

// Lookup finds the variable of that name: its own row, or that of what the name
// begins with.
func (r Registry) Lookup(name string) (Variable, bool) {
	if v, known := r.byName[name]; known {
		return v, true
	}
	for _, v := range r.prefixes {
		if prefix := strings.TrimSuffix(v.Name, "*"); len(name) > len(prefix) && strings.HasPrefix(name, prefix) {
			return v, true
		}
	}
	return Variable{}, false
}

// KeySlots gives what keys the values of variables hold, by the variable's name.
func KeySlots() map[string]keys.Slot {
	slots := map[string]keys.Slot{}
	for _, v := range Variables() {
		if v.Key.Want.Role != keys.AnyRole {
			slots[v.Name] = v.Key
		}
	}
	return slots
}

// NotRead gives the names that no host reads though they look it, and those that
// only the first hosts read, with what to know about each.
func NotRead() map[string]string {
	const wash = "only wash reads it; a host is given the JWT and the seed"
	return map[string]string{
		"WASMCLOUD_RPC_CREDSFILE": wash, "WASMCLOUD_CTL_CREDSFILE": wash, "NATS_CREDSFILE": wash,
		"WASMCLOUD_CTL_TIMEOUT_MS":      "only wash reads it",
		"NATS_REMOTE_URL":               "only wash reads it",
		"NATS_CONNECT_ONLY":             "only wash reads it",
		"NATS_JS_DOMAIN":                "only wash reads it; hosts read " + JetStreamDomain,
		hostKey:                         "only OTP 0.50 read it; hosts read " + HostSeed,
		"WASMCLOUD_PROV_RPC_TIMEOUT_MS": "the OTP helm chart sets it, no host reads it",
	}
}

// A seed and a public key of a kind, as variables hold them.
func seedOf(kind keys.Kind) keys.Slot {
	return keys.Slot{Want: keys.Want{Kind: kind, Role: keys.RoleSeed}}
}

func publicKeyOf(kind keys.Kind) keys.Slot {
	return keys.Slot{Want: keys.Want{Kind: kind, Role: keys.RolePublic}}
}
