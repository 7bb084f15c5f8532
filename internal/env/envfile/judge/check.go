package judge

import (
	"bytes"
	"slices"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Check judges the hosts, each alone and all together, by the rules of
// provisioning: that one prefix, accepted keys and credentials make a lattice.
// target is what the hosts run, where their files do not say; the zero Target is
// unknown. Services of a compose file that are no hosts are left out. The findings, those of the files among them, are
// sorted by file and place; none repeats a secret.
func Check(hosts []hostenv.Host, target wasmcloud.Target) []lattice.Finding {
	c := &checker{known: wasmcloud.NewRegistry(), keys: wasmcloud.KeySlots()}
	for _, h := range hosts {
		c.found = append(c.found, h.Findings...)
		if h.Target.IsZero() {
			h.Target = target
		}
		if h.TellsHost() {
			c.hosts = append(c.hosts, newHost(c, h))
		}
	}
	if len(c.hosts) == 0 && len(hosts) > 0 && len(c.found) == 0 {
		c.nothing(hosts[0])
	}
	for _, h := range c.hosts {
		h.judge()
	}
	c.together()
	lattice.SortFindings(c.found)
	return slices.Compact(c.found)
}

type checker struct {
	known wasmcloud.Registry
	keys  map[string]keys.Slot // what keys variables hold
	hosts []*host
	found []lattice.Finding
}

func (c *checker) nothing(h hostenv.Host) {
	c.found = append(c.found, hostenv.Finding(hostenv.Entry{Path: h.Path, Line: h.Line}, lattice.SeverityWarning, RuleNothing,
		"nothing is set here that a host reads", "latch env vars lists what hosts read"))
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
	judged := &host{Host: h, checker: c, standing: h.Standing(), flawed: map[place]bool{}}
	for _, f := range h.Findings {
		if f.Severity == lattice.SeverityError {
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
	h.values()
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
func (h *host) at(e hostenv.Entry, severity lattice.Severity, rule lattice.Rule, message, hint string) {
	h.found = append(h.found, hostenv.Finding(e, severity, rule, message, hint))
}

// whole adds a finding about the host.
func (h *host) whole(severity lattice.Severity, rule lattice.Rule, message, hint string) {
	h.at(hostenv.Entry{Path: h.Path, Line: h.Line, Column: 1}, severity, rule, message, hint)
}

// isRust reports whether the host is known to be one written in Rust.
func (h *host) isRust() bool { return !h.Target.IsZero() && !h.Target.IsOTP() }

func text(e hostenv.Entry) string { return string(bytes.TrimSpace(e.Value())) }
