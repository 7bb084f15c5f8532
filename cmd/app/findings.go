package app

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/report"
	"github.com/latch-keys/latch/internal/settings"
)

// ShowFindings prints what a check has found in the files, and ends with "no" if
// there is an error among it. texts describe the rules; keystores are those that the
// files are about.
func (a *App) ShowFindings(findings []finding.Finding, paths []string, texts []finding.RuleText, keystores ...KeystoreDocument) error {
	failed, findings := 0, slices.Clone(findings)
	for i, f := range findings {
		findings[i].Hint = a.withFlags(f.Hint)
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
		a.writeFindings(w, findings)
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

// mostAlike is how many findings of one rule in one file people are shown.
const mostAlike = 20

// writeFindings tells people what was found: of what is found again and again in a
// file, the first.
func (a *App) writeFindings(w io.Writer, findings []finding.Finding) {
	type kind struct {
		file string
		rule finding.Rule
	}
	seen := map[kind]int{}
	for i, f := range findings {
		of := kind{f.File, f.Rule}
		if seen[of]++; seen[of] <= mostAlike {
			report.WriteFinding(w, f, a.OutPalette())
		}
		last := i+1 == len(findings) || findings[i+1].File != f.File
		if !last {
			continue
		}
		for _, of := range slices.SortedFunc(maps.Keys(seen), func(a, b kind) int { return cmp.Compare(a.rule, b.rule) }) {
			if more := seen[of] - mostAlike; more > 0 {
				fmt.Fprintf(w, "%s: and %d more like these [%s]: -o json lists them all\n", of.file, more, of.rule)
			}
		}
		clear(seen)
	}
}

// misnamed says of a keystore that is none where it was named: the file and the line,
// or the variable.
func (a *App) misnamed(err error, origin string, doc *lattice.Document) error {
	switch {
	case fault.KindOf(err) != fault.Usage, origin == "default":
		return err
	case !strings.HasPrefix(origin, "manifest"):
		return fault.New(fault.Usage, "%v (from %s)", err, origin).WithHint("%s", fault.HintOf(err))
	case doc == nil:
		if doc, _ = a.loadManifest(); doc == nil {
			return err
		}
	}
	at := doc.AtKeystore(finding.Finding{})
	return fault.New(fault.Failed, "%s: %v", at.File+at.Place(), err).WithHint("%s", fault.HintOf(err))
}

// KeystoreFindings are findings about the keystore that a manifest names: whether it
// is one. Nothing is opened.
func (a *App) KeystoreFindings(doc *lattice.Document) []finding.Finding {
	uri := doc.Manifest().Keystore
	if uri == "" {
		return nil
	}
	_, err := keystore.Open(a.fromHome(uri), keystore.Deps{BaseDir: filepath.Dir(doc.Path())})
	if err == nil {
		return nil
	}
	return []finding.Finding{doc.AtKeystore(finding.Finding{
		Severity: finding.Error, Rule: lattice.RuleField, Message: err.Error(), Hint: fault.HintOf(err),
	})}
}
