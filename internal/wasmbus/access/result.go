package access

import (
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/finding"
)

// Result is what came of one connection.
type Result struct {
	Connection
	Problems []Problem // in the order of the steps

	Connected     bool
	Name, Version string        // of the server
	Answer        time.Duration // the time that it took to answer
	Servers       []string      // others of its cluster, as it tells its clients
	Stores        []Store       // what JetStream says of the lattice's streams
	RightsKnown   bool          // what it may do was compared with what its hosts need
	Space         int           // the topic space that it reaches, from 1; 0 where that is not known

	sends, hears bool   // on a subject of calls
	relays       bool   // it can be asked to send to the inboxes of others
	gap          string // how the others are out of its reach, "" where they are not
	clocks       []clock
}

// Problem is something that is wrong with a connection.
type Problem struct {
	Severity   finding.Severity
	Rule       finding.Rule
	Says, Hint string
}

// State sums up what came of a connection.
type State string

// The states. The values are stable: scripts match them in JSON output.
const (
	OK       State = "ok"
	Failed   State = "failed"
	NotTried State = "not_tried"
)

// State sums up the problems.
func (r Result) State() State {
	switch {
	case r.First() != "":
		return Failed
	case r.has(RuleNotTried):
		return NotTried
	}
	return OK
}

// First is the rule of the first error, "" for none.
func (r Result) First() finding.Rule {
	i := slices.IndexFunc(r.Problems, func(p Problem) bool { return p.Severity == finding.Error })
	if i < 0 {
		return ""
	}
	return r.Problems[i].Rule
}

func (r Result) has(rules ...finding.Rule) bool {
	return slices.ContainsFunc(r.Problems, func(p Problem) bool { return slices.Contains(rules, p.Rule) })
}

// wrong notes an error; where hosts run without the connection it is a warning.
func (r *Result) wrong(rule finding.Rule, says, hint string) {
	severity := finding.Error
	if r.Spare {
		severity = finding.Warning
	}
	r.Problems = append(r.Problems, Problem{severity, rule, says, hint})
}

// doubtful notes a warning.
func (r *Result) doubtful(rule finding.Rule, says, hint string) {
	r.Problems = append(r.Problems, Problem{finding.Warning, rule, says, hint})
}
