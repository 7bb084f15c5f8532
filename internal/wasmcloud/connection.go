package wasmcloud

import (
	"fmt"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/similar"
)

// Purpose is what a host connects to NATS for.
type Purpose uint8

// The purposes. Hosts may reach NATS at a place of its own, and as a user of
// its own, for each.
const (
	RPC         Purpose = iota // invocations
	Control                    // commands to the host
	ProviderRPC                // invocations of the providers it starts
)

// Purposes lists them, in the order in which they are written down.
func Purposes() []Purpose { return []Purpose{RPC, Control, ProviderRPC} }

// String is the purpose's short name: rpc, ctl or prov_rpc.
func (p Purpose) String() string {
	switch p {
	case RPC:
		return "rpc"
	case Control:
		return "ctl"
	case ProviderRPC:
		return "prov_rpc"
	}
	return fmt.Sprintf("purpose %d", uint8(p))
}

// ParsePurpose reads a purpose by its short name.
func ParsePurpose(name string) (Purpose, error) {
	var known []string
	for _, p := range Purposes() {
		if p.String() == name {
			return p, nil
		}
		known = append(known, p.String())
	}
	return RPC, fault.New(fault.Failed, "hosts have no such connection: must be one of %s%s", strings.Join(known, ", "), similar.Question(name, known))
}

// use is what a connection is for, in words.
func (p Purpose) use() string {
	switch p {
	case Control:
		return "control commands"
	case ProviderRPC:
		return "invocations of providers"
	default:
		return "invocations"
	}
}

// Connection names the variables of one connection to NATS. "" stands for one
// that no host reads.
type Connection struct {
	Name                              string // RPC, CTL, PROV_RPC; NATS for the default of the other connections
	Host, Port, TLS, JWT, Seed, Creds string
}

// Variables names the variables of the connection of that purpose.
func (p Purpose) Variables() Connection {
	c := Connection{Name: [...]string{"RPC", "CTL", "PROV_RPC"}[p]}
	prefix := "WASMCLOUD_" + c.Name + "_"
	c.Host, c.Port, c.TLS, c.JWT, c.Seed = prefix+"HOST", prefix+"PORT", prefix+"TLS", prefix+"JWT", prefix+"SEED"
	if p != ProviderRPC {
		c.Creds = prefix + "CREDS"
	}
	return c
}

// Connections lists those of every purpose, and the defaults that Rust hosts
// take for all of them, by the names of each version.
func Connections() []Connection {
	const name = "NATS"
	return []Connection{
		RPC.Variables(), Control.Variables(), ProviderRPC.Variables(),
		{Name: name, Host: "NATS_HOST", Port: "NATS_PORT", JWT: "NATS_JWT", Seed: "NATS_SEED"},
		{Name: name, Host: "NATS_HOST", Port: "NATS_PORT", JWT: "WASMCLOUD_NATS_JWT", Seed: MisspeltNATSSeed},
		{Name: name, Host: "WASMCLOUD_NATS_HOST", Port: "WASMCLOUD_NATS_PORT", JWT: "WASMCLOUD_NATS_JWT", Seed: MisspeltNATSSeed},
		{ //nolint:gosec // names of variables
			Name: name, Host: "WASMCLOUD_NATS_HOST", Port: "WASMCLOUD_NATS_PORT", JWT: "WASMCLOUD_NATS_JWT", Seed: NATSSeed,
			Creds: "WASMCLOUD_NATS_CREDS",
		},
	}
}
