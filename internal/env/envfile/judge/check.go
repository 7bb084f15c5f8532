package judge

import (
	"bytes"
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Options are what is known beside the files.
type Options struct {
	Target wasmcloud.Target // what the hosts run, where their files do not say; zero is unknown
	Now    time.Time        // to judge by what ends
}

// horizon is how long before its end a JWT is said to end.
const horizon = 14 * 24 * time.Hour

// Check judges the hosts, each alone and all together, by the rules of
// provisioning: that one prefix, accepted keys and credentials make a lattice.
// Services of a compose file that are no hosts are left out. The findings, those
// of the files among them, are sorted by file and place; none repeats a secret.
func Check(hosts []hostenv.Host, o Options) []finding.Finding {
	c := &checker{known: wasmcloud.NewRegistry(), keys: wasmcloud.KeySlots(), now: o.Now}
	for _, h := range hosts {
		c.found = append(c.found, h.Findings...)
		if h.Target.IsZero() {
			h.Target = o.Target
		}
		if h.Target.IsZero() {
			h.Target = c.recent(h)
		}
		if h.TellsHost() {
			c.hosts = append(c.hosts, newHost(c, h))
		}
	}
	for _, h := range hosts {
		c.nothing(h)
	}
	for _, h := range c.hosts {
		h.judge()
	}
	c.together()
	finding.Sort(c.found)
	return slices.Compact(c.found)
}

type checker struct {
	known wasmcloud.Registry
	keys  map[string]keys.Slot // what keys variables hold
	now   time.Time
	hosts []*host
	found []finding.Finding

	compared int // unknown names, with all that are known
}

// nothing finds a file that tells its host nothing. One that sets variables of
// other programs may be for these, beside others that are for hosts.
func (c *checker) nothing(h hostenv.Host) {
	if h.TellsHost() || h.Part || len(c.hosts) > 0 && !h.Sole {
		return
	}
	severity := finding.Error
	if len(c.hosts) > 0 && len(h.Entries) > 0 {
		severity = finding.Warning
	}
	who := "as " + h.ReadBy + " reads it, this"
	if h.ReadBy == "any" {
		who = "this"
	}
	c.found = append(c.found, hostenv.NewFinding(hostenv.Entry{Path: h.Path, Line: h.Line}, severity, RuleNothing,
		who+" file sets nothing for a host: it makes up a key and joins the lattice called default", "latch env vars lists what hosts read"))
}

// recent is the newest target for a host that is told something only hosts of
// 1.0 and later read, and nothing of cluster keys; otherwise zero.
func (c *checker) recent(h hostenv.Host) wasmcloud.Target {
	found := wasmcloud.Target{}
	for _, e := range h.Entries {
		v, known := c.known.Lookup(e.Name)
		switch targets := v.Targets(); {
		case e.Name == wasmcloud.ClusterSeed || e.Name == wasmcloud.ClusterIssuers:
			return wasmcloud.Target{}
		case known && len(targets) > 0 && targets[0].IgnoresClusterKeys():
			found = targets[len(targets)-1]
		}
	}
	return found
}

// host is one host under judgement.
type host struct {
	hostenv.Host
	*checker
	standing lattice.Standing
	lattice  string
	flawed   map[place]bool // where the file itself is at fault already
}

type place struct {
	path string
	line int
}

func newHost(c *checker, h hostenv.Host) *host {
	if h.Service != "" && !h.Sole {
		h.Name = h.Service // for people, who look for it in the file
	}
	judged := &host{Host: h, checker: c, standing: Standing(h), flawed: map[place]bool{}}
	for _, f := range h.Findings {
		if f.Severity == finding.Error {
			judged.flawed[place{f.File, f.Line}] = true
		}
	}
	return judged
}

func (h *host) judge() {
	h.prefix()
	h.seed()
	h.issuers()
	h.hostSeed()
	h.connections()
	h.servers()
	h.empty()
	h.values()
	h.together()
	h.names()
}

// get is a variable whose value can be judged: set, known, and not at fault
// already for the way it is written.
func (h *host) get(name string) (hostenv.Entry, bool) {
	e, ok := h.Lookup(name)
	return e, ok && !e.Expanded && len(e.Value()) > 0 && !h.flawed[place{e.Path, e.Line}]
}

// has reports whether a variable is set at all.
func (h *host) has(name string) bool {
	_, ok := h.Lookup(name)
	return ok
}

// at adds a finding at an entry.
func (h *host) at(e hostenv.Entry, severity finding.Severity, rule finding.Rule, message, hint string) {
	h.found = append(h.found, hostenv.NewFinding(e, severity, rule, message, hint))
}

// whole adds a finding about the host.
func (h *host) whole(severity finding.Severity, rule finding.Rule, message, hint string) {
	h.at(hostenv.Entry{Path: h.Path, Line: h.Line, Column: 1}, severity, rule, message, hint)
}

// isRust reports whether the host is known to be one written in Rust.
func (h *host) isRust() bool { return !h.Target.IsZero() && !h.Target.IsOTP() }

func text(e hostenv.Entry) string { return string(bytes.TrimSpace(e.Value())) }
