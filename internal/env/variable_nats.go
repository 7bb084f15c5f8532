package env

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/latch-keys/latch/internal/lattice"
)

// natsVariables are those by which a host reaches NATS, for each purpose.
func natsVariables() []Variable {
	all := []Variable{{
		Name:    "WASMCLOUD_JS_DOMAIN",
		Meaning: "the JetStream domain of the lattice's cache; OTP since 0.51",
		Form:    "one NATS token",
		Targets: from("otp-0.51", ""),
		assign:  func(f facts) Assignment { return Assignment{plain: f.nats.JetStreamDomain} },
	}}
	for _, p := range lattice.Purposes() {
		all = append(all, connectionVariables(p)...)
	}
	return all
}

// purposeText is what a connection is for, in words.
func purposeText(p lattice.Purpose) string {
	switch p {
	case lattice.Control:
		return "control commands"
	case lattice.ProviderRPC:
		return "invocations of providers"
	default:
		return "invocations"
	}
}

func connectionVariables(p lattice.Purpose) []Variable {
	prefix := "WASMCLOUD_" + strings.ToUpper(p.String()) + "_"
	use := purposeText(p)
	readers := from("otp-0.51", "")
	if p == lattice.ProviderRPC {
		readers = from("otp-0.51", "rust-0.80")
	}
	connection := func(f facts) lattice.Connection { return f.nats.For(p) }
	rows := []Variable{
		{
			Name: prefix + "HOST", Meaning: "the NATS server for " + use, Form: "a name or an address; for Rust hosts IPv6 in brackets", Targets: readers,
			assign: func(f facts) Assignment { return Assignment{plain: serverName(f.target, connection(f).Host)} },
		},
		{
			Name: prefix + "PORT", Meaning: "its port", Form: "a number", Targets: readers,
			assign: func(f facts) Assignment { return Assignment{plain: portText(connection(f).Port)} },
		},
		{
			Name: prefix + "TLS", Meaning: "whether to connect by TLS", Form: tlsForm(p), Targets: readers,
			assign: func(f facts) Assignment { return Assignment{plain: switchText(f.target, p, connection(f).TLS)} },
		},
		{
			Name: prefix + "JWT", Meaning: "the NATS user's JWT for " + use + "; useless to a host without the seed", Form: "a JWT, eyJ…", Targets: readers,
			assign: func(f facts) Assignment { return Assignment{plain: f.logins[p].JWT} },
		},
		{
			Name: prefix + "SEED", Meaning: "the NATS user's seed for " + use + "; Rust hosts demand a JWT beside it", Form: "a seed, SU…", Sensitive: true, Targets: readers,
			assign: func(f facts) Assignment { return Assignment{seed: f.logins[p].Seed} },
		},
	}
	if p == lattice.ProviderRPC {
		return rows
	}
	return append(rows, Variable{
		Name: prefix + "CREDS", Meaning: "the NATS user's credentials file for " + use, Form: "a path", Targets: from("rust-1.3", ""),
		assign: func(f facts) Assignment { return Assignment{plain: f.logins[p].File} },
	})
}

// serverName is what the host reads as one. Rust hosts put it between "nats://"
// and the port and read the result as a URL, where IPv6 stands in brackets.
func serverName(t lattice.Target, name string) string {
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

func tlsForm(p lattice.Purpose) string {
	if p == lattice.ProviderRPC {
		return "true or false; for OTP hosts 1 or 0"
	}
	return "true or false; for otp-0.51 1 or 0"
}

// switchText is a switch as the host reads it, empty where it is left to the
// host. OTP 0.51 to 0.59 read a whole number and crash on text; of what 0.60 and
// later read, true is in every version and 1 only in the last ones; for providers
// every OTP version reads a number. Rust hosts take true and false and exit on 1.
func switchText(t lattice.Target, p lattice.Purpose, s lattice.Switch) string {
	if s == lattice.Unset {
		return ""
	}
	number := t.String() == "otp-0.51" || t.IsOTP() && p == lattice.ProviderRPC
	switch {
	case number && s == lattice.On:
		return "1"
	case number:
		return "0"
	}
	return strconv.FormatBool(s == lattice.On)
}
