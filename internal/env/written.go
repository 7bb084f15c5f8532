package env

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/latch-keys/latch/internal/credentials"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// inputs are what the values of a host's variables are made of.
type inputs struct {
	lattice    string
	generation uint64
	accepted   string // the issuers, joined by commas
	host       lattice.Host
	issuer     lattice.Issuer // what the host signs with; zero where the manifest has none
	target     wasmcloud.Target
	nats       lattice.NATS
	seed       keys.Seed
	logins     credentials.Logins
}

// written is a variable that latch writes, and what it writes there.
type written struct {
	name  string
	value func(inputs) Assignment
}

// allWritten lists the variables that latch writes from the manifest, in the
// order in which they are written. Which hosts read them, wasmcloud knows.
// rust-0.79 is given both prefixes of labels: 0.79.0 reads the old one, 0.79.1 the
// other.
func allWritten() []written {
	all := []written{
		{wasmcloud.Lattice, latticeName},
		{wasmcloud.LatticePrefix, latticeName},
		{wasmcloud.ClusterIssuers, func(in inputs) Assignment { return Assignment{plain: in.accepted} }},
		{wasmcloud.ClusterSeed, func(in inputs) Assignment { return Assignment{seed: in.seed} }},
		{wasmcloud.JetStreamDomain, func(in inputs) Assignment { return Assignment{plain: in.nats.JetStreamDomain} }},
	}
	for _, p := range wasmcloud.Purposes() {
		all = append(all, writtenFor(p)...)
	}
	for _, prefix := range []string{wasmcloud.OldLabel, wasmcloud.Label} {
		all = append(all, written{prefix + wasmcloud.HostLabel, hostName}, written{prefix + wasmcloud.GenerationLabel, generation})
	}
	return all
}

// Writes reports whether latch writes the variable, or variables that it stands
// for, from the manifest. Others can be given to a host by the manifest's env, if
// they are not secret.
func Writes(v wasmcloud.Variable) bool {
	prefix, open := strings.CutSuffix(v.Name, "*")
	return slices.ContainsFunc(allWritten(), func(w written) bool {
		return w.name == v.Name || open && strings.HasPrefix(w.name, prefix)
	})
}

func latticeName(in inputs) Assignment { return Assignment{plain: in.lattice} }

func hostName(in inputs) Assignment { return Assignment{plain: in.host.Name} }

func generation(in inputs) Assignment {
	return Assignment{plain: strconv.FormatUint(in.generation, 10)}
}

// writtenFor are the variables of the connection of that purpose.
func writtenFor(p wasmcloud.Purpose) []written {
	names := p.Variables()
	connection := func(in inputs) lattice.Connection { return in.nats.For(p) }
	all := []written{
		{names.Host, func(in inputs) Assignment { return Assignment{plain: serverName(in.target, connection(in).Host)} }},
		{names.Port, func(in inputs) Assignment { return Assignment{plain: portText(connection(in).Port)} }},
		{names.TLS, func(in inputs) Assignment { return Assignment{plain: switchText(in.target, p, connection(in).TLS)} }},
		{names.JWT, func(in inputs) Assignment { return Assignment{plain: in.logins[p].JWT()} }},
		{names.Seed, func(in inputs) Assignment { return Assignment{seed: in.logins[p].Seed()} }},
	}
	if names.Creds == "" {
		return all
	}
	return append(all, written{names.Creds, func(in inputs) Assignment { return Assignment{plain: in.logins[p].File()} }})
}

// serverName is what the host reads as one. Rust hosts put it between "nats://"
// and the port and read the result as a URL, where IPv6 stands in brackets.
func serverName(t wasmcloud.Target, name string) string {
	if address, err := netip.ParseAddr(name); err == nil && address.Is6() && !t.IsOTP() {
		return "[" + name + "]"
	}
	return name
}

func portText(port uint16) string {
	if port == 0 {
		return ""
	}
	return strconv.Itoa(int(port))
}

// switchText is a switch as the host reads it, empty where it is left to the
// host.
func switchText(t wasmcloud.Target, p wasmcloud.Purpose, s lattice.Switch) string {
	switch {
	case s == lattice.Unset:
		return ""
	case !t.ReadsSwitchAsNumber(p):
		return strconv.FormatBool(s == lattice.On)
	case s == lattice.On:
		return "1"
	}
	return "0"
}
