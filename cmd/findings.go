package cmd

import (
	"fmt"
	"io"

	"github.com/latch-keys/latch/internal/lattice"
)

// showFindings prints what a check has found in the files, and ends with "no" if
// there is an error among it. texts describe the rules.
func (a *app) showFindings(findings []lattice.Finding, paths []string, texts []lattice.RuleText) error {
	failed := 0
	for _, f := range findings {
		if f.Severity == lattice.SeverityError {
			failed++
		}
	}
	s, err := a.settings()
	if err != nil {
		return err
	}
	var doc any = struct {
		OK       bool              `json:"ok"`
		Findings []lattice.Finding `json:"findings"`
	}{failed == 0, append([]lattice.Finding{}, findings...)}
	if s.Output == outputSARIF {
		doc = sarif(a.sys.version(), findings, texts)
	}
	err = a.show(doc, func(w io.Writer) {
		for _, f := range findings {
			printFinding(w, f, a.outPalette())
		}
		if len(findings) == 0 {
			for _, path := range paths {
				fmt.Fprintf(w, "%s: ok\n", path)
			}
		}
	})
	if err == nil && failed > 0 {
		return no()
	}
	return err
}

func printFinding(w io.Writer, f lattice.Finding, p palette) {
	severity := p.red(string(f.Severity))
	if f.Severity == lattice.SeverityWarning {
		severity = p.yellow(string(f.Severity))
	}
	fmt.Fprintf(w, "%s:%d:%d: %s: %s [%s]\n", f.File, f.Line, f.Column, severity, f.Message, f.Rule)
	if f.Hint != "" {
		fmt.Fprintf(w, "  %s\n", f.Hint)
	}
}
