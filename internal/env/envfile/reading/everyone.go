package reading

import (
	"bytes"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/finding"
)

// everyone is for a file that might go to any program: it reads as compose
// does, and finds the variables on which the others do not agree.
type everyone struct{}

// Name is "any".
func (everyone) Name() string { return "any" }

// About says that all programs have to agree.
func (everyone) About() string { return "whatever program: all have to read the same" }

func (everyone) Read(h *hostenv.Host, text []byte) {
	compose{}.Read(h, text)
	others := make([]hostenv.Host, 0, len(programs()))
	for _, r := range programs() {
		other := hostenv.Host{Path: h.Path, ReadBy: r.Name()}
		r.Read(&other, text)
		defer other.Wipe()
		others = append(others, other)
	}
	values := make([]map[string]hostenv.Entry, len(others))
	for i, other := range others {
		values[i] = other.Final()
	}
	mine := h.Final()
	for _, other := range others {
		for _, e := range other.Entries {
			if _, known := mine[e.Name]; !known && hostenv.Concerns(e.Name) {
				mine[e.Name] = *h.Add(e.Name, e.Line, e.Column, bytes.Clone(e.Value()))
			}
		}
	}
	others, values = silent(h, others, values)
	compared := map[string]bool{}
	for _, e := range slices.Clone(h.Entries) {
		if !compared[e.Name] && hostenv.Concerns(e.Name) {
			compared[e.Name] = true
			compare(h, mine[e.Name], others, values)
		}
	}
}

// silent finds the programs for which the file sets nothing at all, and leaves the
// others.
func silent(h *hostenv.Host, others []hostenv.Host, values []map[string]hostenv.Entry) ([]hostenv.Host, []map[string]hostenv.Entry) {
	var names []string
	var kept []hostenv.Host
	var keptValues []map[string]hostenv.Entry
	for i, other := range others {
		if h.TellsHost() && !other.TellsHost() {
			names = append(names, other.ReadBy)
			continue
		}
		kept, keptValues = append(kept, other), append(keptValues, values[i])
	}
	if len(names) == 0 {
		return others, values
	}
	first := h.Entries[slices.IndexFunc(h.Entries, func(e hostenv.Entry) bool { return hostenv.Concerns(e.Name) })]
	h.Note(first.Line, 1, finding.Error, hostenv.RuleAmbiguous, "for "+strings.Join(names, ", ")+" this file sets nothing that a host reads", "write NAME=VALUE; or say who reads the file: --read-by")
	for _, e := range h.Entries {
		if hostenv.Concerns(e.Name) {
			h.Doubts = append(h.Doubts, hostenv.Doubt{Name: e.Name, Path: h.Path, Line: e.Line, Column: e.Column})
		}
	}
	return kept, keptValues
}

// compare finds the programs that read something else than the host has.
func compare(h *hostenv.Host, mine hostenv.Entry, others []hostenv.Host, values []map[string]hostenv.Entry) {
	var without, differ []string
	for i, other := range others {
		theirs, set := values[i][mine.Name]
		switch {
		case !set && len(mine.Value()) == 0: // nothing, either way
		case !set:
			without = append(without, other.ReadBy)
		case !bytes.Equal(mine.Value(), theirs.Value()):
			differ = append(differ, other.ReadBy)
		}
	}
	const hint = "write NAME=VALUE without quotes, blanks or comments; or say who reads the file: --read-by"
	if len(without) > 0 {
		h.Note(mine.Line, mine.Column, finding.Warning, hostenv.RuleAmbiguous, mine.Name+" is set for some programs only, not for "+strings.Join(without, ", "), hint)
	}
	if len(differ) > 0 {
		h.Note(mine.Line, mine.Column, finding.Warning, hostenv.RuleAmbiguous, mine.Name+" has another value for "+strings.Join(differ, ", ")+" than for the others", hint)
	}
	if len(without)+len(differ) > 0 {
		h.Doubts = append(h.Doubts, hostenv.Doubt{Name: mine.Name, Path: h.Path, Line: mine.Line, Column: mine.Column})
	}
}
