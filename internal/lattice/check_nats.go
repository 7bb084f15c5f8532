package lattice

import (
	"fmt"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/yamledit"
)

// natsFault is one thing a host cannot do on one of its connections.
type natsFault struct {
	purpose Purpose
	fields  []string // of the connection, the first that is set is where it stands
	message string
	hint    string
}

// CheckNATS judges whether the host, by its target, can reach NATS as the
// manifest says. Source: see each fault.
func (m Manifest) CheckNATS(h Host) error {
	faults := m.natsFaults(h)
	if len(faults) == 0 {
		return nil
	}
	return fault.New(fault.Refused, "host %s: %s", h.Name, faults[0].message).WithHint("%s", faults[0].hint)
}

func (m Manifest) natsFaults(h Host) []natsFault {
	var faults []natsFault
	target, n := m.TargetOf(h), m.NATSOf(h)
	for _, p := range wasmcloud.Purposes() {
		if f := faultOf(target, p, n.For(p)); f.message != "" {
			faults = append(faults, f)
		}
	}
	return faults
}

func faultOf(t Target, p Purpose, c Connection) natsFault {
	switch {
	case c.IsZero():
		return natsFault{}
	case p == wasmcloud.ProviderRPC && !t.ReadsProviderRPC():
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
		node   *yamledit.Node
		target Target
	}
	told := map[place]bool{}
	for i, h := range d.manifest.Hosts {
		for _, f := range d.manifest.natsFaults(h) {
			at := place{d.natsPlace(i, f.fields, f.purpose), d.manifest.TargetOf(h)}
			if !told[at] {
				told[at] = true
				c.report(d, at.node, finding.Error, RuleCannot, f.hint, "host %s: %s", h.Name, f.message)
			}
		}
		if missing := halfLoggedIn(d.manifest, h); missing != "" {
			c.report(d, d.item("hosts", i, "name"), finding.Warning, RuleCredentials,
				"a server that lets nobody in without credentials will refuse it", "host %s has credentials for NATS, but none for %s", h.Name, missing)
		}
	}
}

// natsPlace is where the first of the fields stands that is set for one of the
// purposes: with the host, or with the manifest. Where none is, it is the host's
// name.
func (d *Document) natsPlace(host int, fields []string, purposes ...Purpose) *yamledit.Node {
	said := []*yamledit.Node{d.item("hosts", host, "nats")}
	for _, root := range d.roots() {
		said = append(said, root.Get("nats"))
	}
	for _, p := range purposes {
		for _, n := range said {
			for _, name := range fields {
				if at := n.Get(p.String()).Get(name); at != nil {
					return at
				}
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
	for _, p := range wasmcloud.Purposes() {
		switch {
		case n.For(p).LogsIn():
			some = true
		case p != wasmcloud.ProviderRPC || target.ReadsProviderRPC():
			without = append(without, p.String())
		}
	}
	if !some || len(without) == 0 {
		return ""
	}
	return strings.Join(without, " and ")
}

// AtConnection gives the finding its place: where a host's connection has the first
// of the fields that is set, with the host or with the manifest, or else the host's
// name.
func (d *Document) AtConnection(f finding.Finding, host string, p Purpose, fields ...string) finding.Finding {
	f.File = d.path
	i := slices.IndexFunc(d.manifest.Hosts, func(h Host) bool { return h.Name == host })
	if i >= 0 {
		f.File, f.Line, f.Column = d.locate(d.natsPlace(i, fields, p))
	}
	return f
}
