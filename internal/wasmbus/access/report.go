package access

import (
	"fmt"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Report is what came of a check.
type Report struct{ Results []Result }

// Tried reports whether everything could be looked at.
func (r Report) Tried() bool {
	return len(r.Results) > 0 && !slices.ContainsFunc(r.Results, func(one Result) bool { return one.has(RuleNotTried) })
}

// Findings are the problems of all connections, each once for all that have it, at
// the place where the manifest has what is wrong.
func (r Report) Findings(d *lattice.Document) []finding.Finding {
	type alike struct {
		purpose wasmcloud.Purpose
		Problem
	}
	var order []alike
	hosts := map[alike][]string{}
	for _, one := range r.Results {
		for _, p := range one.Problems {
			key := alike{one.Purpose, p}
			if hosts[key] == nil {
				order = append(order, key)
			}
			hosts[key] = append(hosts[key], one.Hosts...)
		}
	}
	var all []finding.Finding
	for _, key := range order {
		f := finding.Finding{
			Severity: key.Severity, Rule: key.Rule, Hint: key.Hint,
			Message: fmt.Sprintf("%s: %s: %s", whose(hosts[key]), key.purpose, key.Says),
		}
		all = append(all, d.AtConnection(f, hosts[key][0], key.purpose, fields(key.Rule)...))
	}
	finding.Sort(all)
	return all
}

// fields are those of a connection that decide about a rule.
func fields(rule finding.Rule) []string {
	switch rule {
	case RuleResolve, RuleConnect, RuleServer, RuleClock:
		return []string{"host", "port"}
	case RuleTLS:
		return []string{"tls", "host", "port"}
	}
	return []string{"jwt", "creds", "seed"}
}

// whose names the hosts.
func whose(hosts []string) string {
	switch more := len(hosts) - 1; more {
	case 0:
		return "host " + hosts[0]
	case 1, 2:
		return "hosts " + strings.Join(hosts[:more], ", ") + " and " + hosts[more]
	default:
		return fmt.Sprintf("host %s and %d more", hosts[0], more)
	}
}
