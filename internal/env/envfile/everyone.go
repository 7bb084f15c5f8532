package envfile

import (
	"bytes"
	"strings"

	"github.com/latch-keys/latch/internal/lattice"
)

// everyone is for a file that might go to any program: it reads as compose
// does, and finds the variables on which the others do not agree.
type everyone struct{}

// Name is "any".
func (everyone) Name() string { return "any" }

// About says that all programs have to agree.
func (everyone) About() string { return "whatever program: all have to read the same" }

func (everyone) read(h *Host, text []byte) {
	compose{}.read(h, text)
	others := make([]Host, 0, len(programs()))
	for _, r := range programs() {
		other := Host{Path: h.Path, ReadBy: r.Name()}
		r.read(&other, text)
		defer other.Wipe()
		others = append(others, other)
	}
	seen := map[string]bool{}
	for _, e := range h.Entries {
		if !seen[e.Name] && Concerns(e.Name) {
			seen[e.Name] = true
			h.compare(e.Name, others)
		}
	}
}

// compare finds the programs that read something else than the host has.
func (h *Host) compare(name string, others []Host) {
	mine, _ := h.Lookup(name)
	var without, differ []string
	for _, other := range others {
		theirs, set := other.Lookup(name)
		switch {
		case !set && len(mine.Value()) == 0: // nothing, either way
		case !set:
			without = append(without, other.ReadBy)
		case !bytes.Equal(mine.Value(), theirs.Value()):
			differ = append(differ, other.ReadBy)
		}
	}
	const hint = "write NAME=VALUE without quotes, blanks or comments; or say who reads the file: latch env check --read-by"
	if len(without) > 0 {
		h.note(mine.Line, mine.Column, lattice.SeverityWarning, RuleAmbiguous, name+" is set for some programs only, not for "+strings.Join(without, ", "), hint)
	}
	if len(differ) > 0 {
		h.note(mine.Line, mine.Column, lattice.SeverityWarning, RuleAmbiguous, name+" has another value for "+strings.Join(differ, ", ")+" than for the others", hint)
	}
}
