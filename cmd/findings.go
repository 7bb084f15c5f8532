package cmd

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/fault"
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

const sarifAnnotation = "latch/sarif"

// givesSARIF marks a command that has findings to give.
func givesSARIF(c *cobra.Command) { c.Annotations = map[string]string{sarifAnnotation: ""} }

// refuseSARIF ends a command that has no findings before it does anything.
func (a *app) refuseSARIF(c *cobra.Command) error {
	if _, ok := c.Annotations[sarifAnnotation]; ok {
		return nil
	}
	fromEnvironment, _ := a.sys.Getenv("LATCH_OUTPUT")
	flag := c.Flags().Lookup("output")
	if flag == nil || flag.Changed && flag.Value.String() != outputSARIF || !flag.Changed && fromEnvironment != outputSARIF {
		return nil
	}
	return errSARIF(c)
}

func errSARIF(c *cobra.Command) error {
	return fault.New(fault.Usage, "%s has no findings to give as sarif", c.CommandPath()).WithHint("-o json, or latch env check -o sarif")
}
