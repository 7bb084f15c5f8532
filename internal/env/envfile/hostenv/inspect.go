package hostenv

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Concerns reports whether a variable is one that hosts read, or one that looks
// as if it was meant to be.
func Concerns(name string) bool {
	name = strings.ToUpper(name)
	for _, prefix := range []string{"WASMCLOUD", "WASMCOULD", "WASMCLUD", "WAMSCLOUD", "NATS_", "HOST_"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// IsLabel reports whether a variable is a label of the host: whatever follows
// these is one.
func IsLabel(name string) bool {
	return strings.HasPrefix(name, wasmcloud.OldLabel) || strings.HasPrefix(name, wasmcloud.Label)
}

// TellsHost reports whether anything is set that hosts read; other services of a
// compose file are told nothing of the kind.
func (h Host) TellsHost() bool {
	return slices.ContainsFunc(h.Entries, func(e Entry) bool { return Concerns(e.Name) })
}

// MarkHint says what to do about a byte order mark.
const MarkHint = "save the file as UTF-8 without a byte order mark"

// place is a line of a file.
type place struct {
	path string
	line int
}

// Inspect finds what reached a value that was never meant to be part of it.
func (h *Host) Inspect() {
	h.heedLabels()
	h.repetitions()
	flawed := map[place]bool{}
	for _, f := range h.Findings {
		if f.Severity == finding.Error {
			flawed[place{f.File, f.Line}] = true
		}
	}
	for _, e := range h.Entries {
		name := strings.TrimPrefix(e.Name, ByteOrderMark)
		if !Concerns(name) {
			continue
		}
		if name != e.Name {
			h.At(e, finding.Error, RuleMark, "a byte order mark stands before the name: no host knows such a variable", MarkHint)
		}
		if !e.Expanded || !flawed[place{e.Path, e.Line}] {
			h.inspectValue(e)
		}
	}
}

// heedLabels takes the host's name and generation from the labels that latch
// gives it, which every form carries.
func (h *Host) heedLabels() {
	for _, prefix := range []string{wasmcloud.OldLabel, wasmcloud.Label} {
		if e, ok := h.Lookup(prefix + wasmcloud.HostLabel); ok && keys.CheckName(string(e.Value())) == nil {
			if h.Service == "" {
				h.Service = h.Name
			}
			h.Name = string(e.Value())
		}
		if e, ok := h.Lookup(prefix + wasmcloud.GenerationLabel); ok {
			if n, err := strconv.ParseUint(string(e.Value()), 10, 64); err == nil {
				h.Generation = n
			}
		}
	}
}

func (h *Host) inspectValue(e Entry) {
	value := e.Value()
	inside := bytes.TrimSpace(value)
	switch {
	case e.Expanded && h.ReadBy == "compose": // never a seed in the compose file
		h.At(e, finding.Warning, RuleExpansion, "a part of the value of "+e.Name+" comes from where compose is started, and is not known here", "set it in the .env beside the compose file, or in an env file")
	case e.Expanded && len(value) == 0:
		h.At(e, finding.Warning, RuleExpansion, h.ReadBy+" takes the value of "+e.Name+" from elsewhere, so that it is not known here", "set it in a file that is judged")
	case e.Expanded:
		h.At(e, finding.Warning, RuleExpansion, "the value of "+e.Name+" holds a $ that "+h.ReadBy+" puts something else in the place of", "write the value itself")
	case bytes.HasSuffix(value, []byte("\r")):
		h.At(e, finding.Error, RuleLineEnd, "the value of "+e.Name+" ends in a carriage return, which "+h.ReadBy+" keeps", "save the file with LF line ends: tr -d '\\r'")
	case len(inside) > 1 && (inside[0] == '"' || inside[0] == '\'') && bytes.IndexByte(inside[1:], inside[0]) >= 0:
		h.At(e, finding.Error, RuleQuotes, h.ReadBy+" keeps the quotes as part of the value of "+e.Name, "take the quotes away")
	case bytes.Contains(value, []byte(" #")) || bytes.Contains(value, []byte("\t#")):
		h.At(e, finding.Error, RuleComment, h.ReadBy+" keeps the comment as part of the value of "+e.Name, "put the comment on a line of its own")
	case h.KeepsBlanks && len(bytes.TrimRight(value, " \t")) < len(value):
		h.At(e, finding.Error, RuleBlank, h.ReadBy+" keeps the blank at the end of the value of "+e.Name, "take the blank away")
	}
}

// repetitions finds variables that are set twice.
func (h *Host) repetitions() {
	first := map[string]Entry{}
	for _, e := range h.Entries {
		earlier, twice := first[e.Name]
		first[e.Name] = e
		if !twice || !Concerns(e.Name) || earlier.Path != e.Path {
			continue
		}
		severity, counts := finding.Error, "this one counts"
		if h.FirstCounts {
			counts = "that one counts"
		}
		if bytes.Equal(earlier.Value(), e.Value()) {
			severity, counts = finding.Warning, "with the same value"
		}
		h.At(e, severity, RuleTwice, fmt.Sprintf("%s is set on line %d already; %s", e.Name, earlier.Line, counts), "take one of the two away")
	}
}

// At adds a finding at an entry.
func (h *Host) At(e Entry, severity finding.Severity, rule finding.Rule, message, hint string) {
	h.Findings = append(h.Findings, NewFinding(e, severity, rule, message, hint))
}
