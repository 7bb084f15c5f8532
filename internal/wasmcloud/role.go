package wasmcloud

import (
	"fmt"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/similar"
)

// Role is what a NATS user is for: one of a host's connections, or somebody
// beside the hosts.
type Role uint8

// The roles.
const (
	ControlUser     Role = iota // a host's connection for control commands
	RPCUser                     // a host's connection for invocations
	ProviderRPCUser             // the connection of a host's providers, where they have one of their own
	ProviderUser                // one provider, with a user of its own
	OperatorUser                // somebody who gives commands to hosts
	ObserverUser                // somebody who only looks
	LatchUser                   // latch itself
)

// Roles lists them, in the order in which they are written down.
func Roles() []Role {
	return []Role{ControlUser, RPCUser, ProviderRPCUser, ProviderUser, OperatorUser, ObserverUser, LatchUser}
}

// String is the role's short name.
func (r Role) String() string { return r.row().name }

// About says in words who the user is.
func (r Role) About() string { return r.row().about }

func (r Role) row() struct{ name, about string } {
	rows := [...]struct{ name, about string }{
		{Control.String(), "a host's connection for control commands"},
		{RPC.String(), "a host's connection for invocations"},
		{ProviderRPC.String(), "the connection of a host's providers"},
		{"provider", "one provider with a user of its own"},
		{"operator", "somebody who gives commands to hosts"},
		{"observer", "somebody who only looks"},
		{"latch", "latch itself"},
	}
	if int(r) >= len(rows) {
		return struct{ name, about string }{name: fmt.Sprintf("role %d", uint8(r))}
	}
	return rows[r]
}

// OfHost reports whether the user is that of a host's connection.
func (r Role) OfHost() bool { return r <= ProviderRPCUser }

// MarshalText is the role's name, for JSON output.
func (r Role) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// ParseRole reads a role by its exact name. The error lists those there are, with what
// others may be named in its place, and repeats only a short name: a long one may be a secret that slipped.
func ParseRole(name string, others ...string) (Role, error) {
	var known []string
	for _, r := range Roles() {
		if r.String() == name {
			return r, nil
		}
		known = append(known, r.String())
	}
	known = append(known, others...)
	shown := ""
	if len(name) <= longestShown {
		shown = fmt.Sprintf(" %q", name)
	}
	return 0, fault.New(fault.Failed, "unknown role%s: must be one of %s%s", shown, strings.Join(known, ", "), similar.Question(name, known))
}

// Role is that of the user of a host's connection of that purpose.
func (p Purpose) Role() Role {
	switch p {
	case Control:
		return ControlUser
	case ProviderRPC:
		return ProviderRPCUser
	default:
		return RPCUser
	}
}
