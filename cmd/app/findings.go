package app

import (
	"fmt"
	"io"

	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/report"
	"github.com/latch-keys/latch/internal/settings"
)

// ShowFindings prints what a check has found in the files, and ends with "no" if
// there is an error among it. texts describe the rules; keystores are those that the
// files are about.
func (a *App) ShowFindings(findings []finding.Finding, paths []string, texts []finding.RuleText, keystores ...KeystoreDocument) error {
	failed := 0
	for _, f := range findings {
		if f.Severity == finding.Error {
			failed++
		}
	}
	var doc any = struct {
		OK        bool               `json:"ok"`
		Findings  []finding.Finding  `json:"findings"`
		Keystores []KeystoreDocument `json:"keystores,omitempty"`
	}{failed == 0, append([]finding.Finding{}, findings...), keystores}
	if a.Form() == settings.SARIF {
		doc = report.SARIF(a.Sys.Release(), findings, texts)
	}
	err := a.ShowProse(doc, Hang, func(w io.Writer) {
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
