package report

import (
	"fmt"
	"io"

	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/printable"
)

// WriteFinding writes a finding as compilers do: place, severity, message and rule.
func WriteFinding(w io.Writer, f finding.Finding, p Painter) {
	severity := p.Red(string(f.Severity))
	if f.Severity == finding.Warning {
		severity = p.Yellow(string(f.Severity))
	}
	fmt.Fprintf(w, "%s%s: %s: %s [%s]\n", printable.Line(f.File), f.Place(), severity, printable.Line(f.Message), f.Rule)
	if f.Hint != "" {
		fmt.Fprintf(w, "  %s\n", printable.Line(f.Hint))
	}
}
