package cmd

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/lattice"
)

func newLatticeCheck(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "check [MANIFEST...]",
		Short: "Judge a manifest by the rules of provisioning; needs no secret",
		Long: `Judges the manifest by the rules that let hosts talk to each other: one clean
prefix, every host signing with a key among the issuers, no key published
in docs, targets that read cluster keys. Several manifests are judged together
too: no key may serve two lattices. No secret is needed.

Exit code 3 if there is an error; warnings alone are 0.`,
		Example: "  latch lattice check\n  latch lattice check prod.yaml staging.yaml",
		Args:    cobra.ArbitraryArgs,
		RunE:    func(_ *cobra.Command, args []string) error { return a.latticeCheck(args) },
	}
}

func (a *app) latticeCheck(paths []string) error {
	if len(paths) == 0 {
		s, err := a.settings()
		if err != nil {
			return err
		}
		paths = []string{s.Manifest}
	}
	findings := []lattice.Finding{}
	var docs []*lattice.Document
	for _, path := range paths {
		doc, err := lattice.Load(path)
		var broken lattice.Errors
		if errors.As(err, &broken) {
			findings = append(findings, broken.Findings()...)
			continue
		}
		if err != nil {
			return err
		}
		docs = append(docs, doc)
	}
	findings = append(findings, lattice.Check(docs...)...)
	findings = append(findings, lattice.CheckAge(a.sys.Now(), docs...)...)
	lattice.SortFindings(findings)
	return a.showFindings(findings, paths)
}

func (a *app) showFindings(findings []lattice.Finding, paths []string) error {
	failed := 0
	for _, f := range findings {
		if f.Severity == lattice.SeverityError {
			failed++
		}
	}
	doc := struct {
		OK       bool              `json:"ok"`
		Findings []lattice.Finding `json:"findings"`
	}{failed == 0, findings}
	err := a.show(doc, func(w io.Writer) {
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
