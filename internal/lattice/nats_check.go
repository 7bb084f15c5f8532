package lattice

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// ErrCannot says that the hosts of a target cannot do what the manifest tells
// them.
var ErrCannot = errors.New("the target cannot do this")

// natsFault is one thing a host cannot do on one of its connections.
type natsFault struct {
	purpose Purpose
	fields  []string // of the connection, the first that is set is where it stands
	message string
	hint    string
}

// CheckNATS judges whether the host, by its target, can reach NATS as the
// manifest says. Errors match ErrCannot. Source: see each fault.
func (m Manifest) CheckNATS(h Host) error {
	for _, fault := range m.natsFaults(h) {
		return refuse(ErrCannot, fault.hint, "host %s: %s", h.Name, fault.message)
	}
	return nil
}

func (m Manifest) natsFaults(h Host) []natsFault {
	var faults []natsFault
	target, n := m.TargetOf(h), m.NATSOf(h)
	for _, p := range Purposes() {
		if fault := faultOf(target, p, n.For(p)); fault.message != "" {
			faults = append(faults, fault)
		}
	}
	return faults
}

func faultOf(t Target, p Purpose, c Connection) natsFault {
	switch {
	case c.IsZero():
		return natsFault{}
	case p == ProviderRPC && !t.ReadsProviderRPC():
		// wasmCloud v0.81.0 src/main.rs has no prov-rpc arguments.
		return natsFault{
			p,
			[]string{"host", "port", "tls", "jwt", "seed", "creds"},
			fmt.Sprintf("hosts of the target %s have no connection for providers of their own", t),
			"their providers use that of rpc: take prov_rpc away, or give it only to hosts that read it",
		}
	case c.Seed != "" && c.JWT == "" && !t.IsOTP():
		// clap refuses either alone; wasmCloud v0.78.0 crates/host: "cannot
		// authenticate if only one of jwt or seed is specified".
		return natsFault{
			p,
			[]string{"seed"},
			fmt.Sprintf("%s has a seed without a JWT, and hosts of the target %s need both", p, t),
			"add the user's jwt, or name its credentials file as creds",
		}
	case c.JWT != "" && c.Seed == "":
		// wasmcloud-otp connects without any authentication then.
		return natsFault{
			p,
			[]string{"jwt"},
			fmt.Sprintf("%s has a JWT without a seed, which no host can log in with", p),
			"name the user's seed in the keystore as seed",
		}
	}
	return natsFault{}
}

// nats reports what hosts cannot do where it stands: with the host, or with the
// manifest, then once for all hosts of a target.
func (c *checker) nats(d *Document) {
	type place struct {
		node   *yaml.Node
		target Target
	}
	told := map[place]bool{}
	for i, h := range d.manifest.Hosts {
		for _, fault := range d.manifest.natsFaults(h) {
			at := place{d.natsPlace(i, fault), d.manifest.TargetOf(h)}
			if !told[at] {
				told[at] = true
				c.report(d, at.node, SeverityError, RuleCannot, fault.hint, "host %s: %s", h.Name, fault.message)
			}
		}
		if missing := halfLoggedIn(d.manifest, h); missing != "" {
			c.report(d, d.item("hosts", i, "name"), SeverityWarning, RuleCredentials,
				"a server that lets nobody in without credentials will refuse it", "host %s has credentials for NATS, but none for %s", h.Name, missing)
		}
	}
}

// natsPlace is where a fault of the host stands.
func (d *Document) natsPlace(host int, fault natsFault) *yaml.Node {
	own := value(value(d.tree.root, "hosts").Content[host], "nats")
	for _, n := range []*yaml.Node{own, value(d.tree.root, "nats")} {
		if n == nil {
			continue
		}
		connection := value(n, fault.purpose.String())
		if connection == nil {
			continue
		}
		for _, name := range fault.fields {
			if at := value(connection, name); at != nil {
				return at
			}
		}
	}
	return d.item("hosts", host, "name")
}

// halfLoggedIn names the purposes for which the host has no credentials where
// it has some for another.
func halfLoggedIn(m Manifest, h Host) string {
	n, target := m.NATSOf(h), m.TargetOf(h)
	var without []string
	some := false
	for _, p := range Purposes() {
		switch {
		case n.For(p).LogsIn():
			some = true
		case p != ProviderRPC || target.ReadsProviderRPC():
			without = append(without, p.String())
		}
	}
	if !some || len(without) == 0 {
		return ""
	}
	return strings.Join(without, " and ")
}
