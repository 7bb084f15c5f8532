package hostenv

import (
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Host is what one file tells one host. A compose file holds one per service, a
// Kubernetes file one per Secret.
type Host struct {
	Name    string // as the file says, or else as it is called
	Service string // what runs the host is called, where that is not the host's own name
	Path    string
	Line    int    // where it begins in the file, from 1
	ReadBy  string // the Reading, or the format where it leaves no choice

	Target     wasmcloud.Target // where the file says it; otherwise zero
	Generation uint64           // where a label says it; otherwise 0

	Entries  []Entry           // in the order of the file, repetitions among them
	Findings []finding.Finding // what the program would not read as meant

	Doubts []Doubt // what its possible readers do not read alike

	FirstCounts bool // of a variable set twice the program takes the first
	Sole        bool // the file is for one host, and for nothing else
	Part        bool // the file tells the host only a part of what it is told
	KeepsBlanks bool // the program keeps blanks at the end of a value
}

// Doubt is a variable whose value the file does not settle, since those who
// may read the file do not read it alike.
type Doubt struct {
	Name         string
	Path         string
	Line, Column int // from 1
}

// Lookup is the variable as the program has it in the end.
func (h Host) Lookup(name string) (Entry, bool) {
	var found Entry
	ok := false
	for _, e := range h.Entries {
		if e.Name == name && !(ok && h.FirstCounts) {
			found, ok = e, true
		}
	}
	return found, ok
}

// Final is every variable as the program has it in the end, by its name.
func (h Host) Final() map[string]Entry {
	final := make(map[string]Entry, len(h.Entries))
	for _, e := range h.Entries {
		if _, set := final[e.Name]; !set || !h.FirstCounts {
			final[e.Name] = e
		}
	}
	return final
}

// Counting are the variables that count in the end, in the order of the file.
func (h Host) Counting() []Entry {
	final := h.Final()
	var all []Entry
	for _, e := range h.Entries {
		if c, pending := final[e.Name]; pending && c.Path == e.Path && c.Line == e.Line && c.Column == e.Column {
			all = append(all, c)
			delete(final, e.Name)
		}
	}
	return all
}

// Wipe overwrites every value.
func (h Host) Wipe() {
	for _, e := range h.Entries {
		clear(e.Value())
	}
}

// Take adds what another file tells the same host.
func (h *Host) Take(other Host) {
	h.Entries = append(h.Entries, other.Entries...)
	h.Findings = append(h.Findings, other.Findings...)
	h.Doubts = append(h.Doubts, other.Doubts...)
}

// WipeAll overwrites the values of all hosts.
func WipeAll(hosts []Host) {
	for _, h := range hosts {
		h.Wipe()
	}
}

// Note adds a finding.
func (h *Host) Note(line, column int, severity finding.Severity, rule finding.Rule, message, hint string) {
	h.Findings = append(h.Findings, NewFinding(Entry{Path: h.Path, Line: line, Column: column}, severity, rule, message, hint))
}

// NewFinding is a finding at an entry. Names come from files, and anything can stand in a
// file: a message that would repeat a seed does not say it.
func NewFinding(e Entry, severity finding.Severity, rule finding.Rule, message, hint string) finding.Finding {
	if keys.MayHoldSeed(message) {
		message = "a seed stands here in the place of a name"
	}
	return finding.Finding{
		File: e.Path, Line: e.Line, Column: max(e.Column, 1), Severity: severity, Rule: rule, Message: message, Hint: hint,
	}
}

// SafeName is a name for people, which a seed is not.
func SafeName(name string) string {
	if keys.MayHoldSeed(name) {
		return "(a seed, not shown)"
	}
	return name
}
