package reading

import (
	"bytes"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/finding"
)

// declare sets what a shell is told to by export, and by words like it: behind
// them an assignment counts also where its name stands in quotes. Under set -a all
// of them export.
func declare(h *hostenv.Host, by word, words []word) {
	posix := by.is("export") || by.is("readonly")
	if !posix {
		h.Note(by.line, by.column, finding.Error, hostenv.RuleSyntax, "only some shells know "+string(by.text)+"; others go on without the line, or stop", "write export NAME=VALUE")
	}
	options, unknown := true, false
	for _, w := range words {
		if options = options && w.isOption(); options {
			if !harmless(w, posix) {
				h.Note(w.line, w.column, finding.Error, hostenv.RuleSyntax, "what a shell makes of this line is not known, for this option", "write export NAME=VALUE")
				unknown = true
			}
			options = !w.is("--")
			continue
		}
		name, _, sets := bytes.Cut(w.text, []byte("="))
		switch {
		case !hostenv.VariableName(bytes.TrimSuffix(name, []byte("+"))):
			h.Note(w.line, w.column, finding.Error, hostenv.RuleName, "what stands before the = is no name: a shell stops here, or sets nothing", "write export NAME=VALUE")
		case sets:
			w.expanded = w.expanded || unknown
			w.assign(h, len(name))
		}
	}
}

func (w word) isOption() bool { return len(w.text) > 0 && (w.text[0] == '-' || w.text[0] == '+') }

// harmless reports whether a variable has the same value with the option as without.
func harmless(option word, posix bool) bool {
	return option.is("--") || option.is("-p") || !posix && (option.is("-x") || option.is("-r") || option.is("-g") || option.is("-rx") || option.is("-gx"))
}
