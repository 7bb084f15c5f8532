package judge

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// InLattice are those that are told of cluster keys, and of no other lattice.
func InLattice(hosts []hostenv.Host, prefix string) []hostenv.Host {
	return slices.DeleteFunc(slices.Clone(hosts), func(h hostenv.Host) bool { return !concerns(h, prefix) })
}

// Observe is how hosts stand by the files they are told by, read at a time. What
// the readers of a file do not read alike, and what a file alone does not settle,
// is in doubt.
func Observe(hosts []hostenv.Host, at time.Time) []lattice.Observation {
	seen := make([]lattice.Observation, len(hosts))
	for i, h := range hosts {
		o := lattice.Observation{Standing: Standing(h), Generation: h.Generation, Evidence: lattice.Read, At: at, Source: h.Path}
		var doubts []string
		for _, f := range unknown(h) {
			doubts = append(doubts, f.Message)
		}
		o.Doubt = strings.Join(doubts, "; ")
		seen[i] = o
	}
	return seen
}

// Standing is what a host signs with and whom it accepts, by its file.
func Standing(h hostenv.Host) lattice.Standing {
	signs, accepts := h.Keys()
	return lattice.Standing{Host: h.Name, Signs: signs, Accepts: accepts}
}

// Elsewhere reports whether the file is of another lattice, beyond doubt.
func Elsewhere(h hostenv.Host, prefix string) bool {
	return namesOther(h, prefix) && len(unknown(h)) == 0
}

// namesOther reports whether the file names another lattice.
func namesOther(h hostenv.Host, prefix string) bool {
	return slices.ContainsFunc([]string{latticeName, prefixName}, func(name string) bool {
		e, set := h.Lookup(name)
		return set && string(e.Value()) != prefix
	})
}

// concerns reports whether the file speaks of cluster keys in the lattice.
func concerns(h hostenv.Host, prefix string) bool {
	_, seed := h.Lookup(wasmcloud.ClusterSeed)
	_, issuers := h.Lookup(wasmcloud.ClusterIssuers)
	return (seed || issuers) && !namesOther(h, prefix)
}

// vital are the variables that say how a host stands, and in which lattice.
func vital() []string {
	return []string{wasmcloud.ClusterSeed, wasmcloud.ClusterIssuers, latticeName, prefixName}
}

func unknown(h hostenv.Host) []finding.Finding {
	var found []finding.Finding
	const hint = "write NAME=VALUE without quotes, blanks or comments; or say who reads the file: --read-by"
	for _, d := range h.Doubts {
		if slices.Contains(vital(), d.Name) {
			found = append(found, hostenv.NewFinding(hostenv.Entry{Path: d.Path, Line: d.Line, Column: d.Column}, finding.Error, hostenv.RuleAmbiguous,
				fmt.Sprintf("readers disagree about %s at line %d", d.Name, d.Line), hint))
		}
	}
	if h.Part {
		found = append(found, hostenv.NewFinding(hostenv.Entry{Path: h.Path, Line: h.Line}, finding.Error, hostenv.RuleNotJudged,
			"a part of what the host is told is not here", "name the files that tell the rest too"))
	}
	for _, name := range vital() {
		if e, ok := h.Lookup(name); ok && e.Expanded {
			found = append(found, hostenv.NewFinding(e, finding.Error, hostenv.RuleExpansion,
				fmt.Sprintf("%s at line %d gets a part of its value from elsewhere", name, e.Line), "write the value itself"))
		}
	}
	for _, f := range h.Findings {
		if f.Severity == finding.Error && slices.Contains(refusals(), f.Rule) {
			found = append(found, f)
		}
	}
	return found
}

// refusals are the rules of what a program does not read at all.
func refusals() []finding.Rule {
	return []finding.Rule{hostenv.RuleSyntax, hostenv.RuleName, hostenv.RuleExport, hostenv.RuleMark, hostenv.RuleEnvFile, hostenv.RuleNotJudged}
}
