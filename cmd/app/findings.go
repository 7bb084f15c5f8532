package app

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/report"
	"github.com/latch-keys/latch/internal/settings"
)

// ShowFindings prints what a check has found in the files, and ends with "no" if
// there is an error among it. texts describe the rules.
func (a *App) ShowFindings(findings []lattice.Finding, paths []string, texts []lattice.RuleText) error {
	failed := 0
	for _, f := range findings {
		if f.Severity == lattice.SeverityError {
			failed++
		}
	}
	s, err := a.Settings()
	if err != nil {
		return err
	}
	var doc any = struct {
		OK       bool              `json:"ok"`
		Findings []lattice.Finding `json:"findings"`
	}{failed == 0, append([]lattice.Finding{}, findings...)}
	if s.Output == settings.SARIF {
		doc = report.SARIF(a.Sys.Release(), findings, texts)
	}
	err = a.Show(doc, func(w io.Writer) {
		for _, f := range findings {
			report.WriteFinding(w, f, a.OutPalette())
		}
		if len(findings) == 0 {
			for _, path := range paths {
				fmt.Fprintf(w, "%s: ok\n", path)
			}
		}
	})
	if err == nil && failed > 0 {
		return No()
	}
	return err
}

const sarifAnnotation = "latch/sarif"

// GivesSARIF marks a command that has findings to give.
func GivesSARIF(c *cobra.Command) { c.Annotations = map[string]string{sarifAnnotation: ""} }

// refuseSARIF ends a command that has no findings before it does anything.
func (a *App) refuseSARIF(c *cobra.Command) error {
	if _, ok := c.Annotations[sarifAnnotation]; ok {
		return nil
	}
	fromEnvironment, _ := a.Sys.Getenv("LATCH_OUTPUT")
	flag := c.Flags().Lookup("output")
	if flag == nil || flag.Changed && flag.Value.String() != settings.SARIF || !flag.Changed && fromEnvironment != settings.SARIF {
		return nil
	}
	return errSARIF(c)
}

func errSARIF(c *cobra.Command) error {
	return fault.New(fault.Usage, "%s has no findings to give as sarif", c.CommandPath()).WithHint("-o json, or latch env check -o sarif")
}
