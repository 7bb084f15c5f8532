package cmd

import (
	"fmt"
	"io"

	"github.com/latch-keys/latch/internal/lattice"
)

func printFinding(w io.Writer, f lattice.Finding, p painter) {
	severity := p.red(string(f.Severity))
	if f.Severity == lattice.SeverityWarning {
		severity = p.yellow(string(f.Severity))
	}
	fmt.Fprintf(w, "%s:%d:%d: %s: %s [%s]\n", f.File, f.Line, f.Column, severity, f.Message, f.Rule)
	if f.Hint != "" {
		fmt.Fprintf(w, "  %s\n", f.Hint)
	}
}
