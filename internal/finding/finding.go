package finding

import (
	"cmp"
	"fmt"
	"slices"
)

// Severity says whether a finding makes a check fail.
type Severity string

// The severities. The values are stable: scripts match them in JSON output.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Rule names what a finding is about. The values are stable: scripts match them
// in JSON output.
type Rule string

// Finding is one thing a rule has to say about a file.
type Finding struct {
	File     string   `json:"file"`
	Line     int      `json:"line"`             // from 1; 0 where there is no place
	Column   int      `json:"column,omitempty"` // in characters, from 1; 0 where it is not known
	Severity Severity `json:"severity"`
	Rule     Rule     `json:"rule"`
	Message  string   `json:"message"`
	Hint     string   `json:"hint,omitempty"`

	// Fingerprint tells the same finding again wherever it moves, "" where its place
	// and rule do.
	Fingerprint string `json:"-"`
}

// String is the finding in the form compilers use, without its hint; a place that
// is not known is left out.
func (f Finding) String() string {
	return fmt.Sprintf("%s: %s: %s [%s]", f.File+f.Place(), f.Severity, f.Message, f.Rule)
}

// Place is the line and the column behind a file's name, as far as they are known:
// ":3:1".
func (f Finding) Place() string {
	place := ""
	if f.Line > 0 {
		place += fmt.Sprintf(":%d", f.Line)
	}
	if f.Column > 0 {
		place += fmt.Sprintf(":%d", f.Column)
	}
	return place
}

// RuleText says in one line what a rule is about.
type RuleText struct {
	Rule Rule
	Text string
}

// Sort orders findings by file, line and column; of one place they stay in order.
func Sort(found []Finding) {
	slices.SortStableFunc(found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
}
