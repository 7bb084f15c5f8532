package hostenv

import (
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/finding"
)

// Malformed is the error for a text that cannot be read as what it is said to be.
// The message must not repeat the text.
func Malformed(path string, line, column int, message, hint string) error {
	return flawed(RuleSyntax, path, line, column, message, hint)
}

// NotJudged is the error for what latch does not read, so that it cannot say
// whether it is right.
func NotJudged(path string, line, column int, message, hint string) error {
	return flawed(RuleNotJudged, path, line, column, message, hint)
}

func flawed(rule finding.Rule, path string, line, column int, message, hint string) error {
	return fault.New(fault.Failed, "%s:%d:%d: %s", path, line, column, message).WithHint("%s", hint).WithDetail(
		NewFinding(Entry{Path: path, Line: line, Column: column}, finding.Error, rule, message, hint))
}

// FindingOf is such an error in the form of a finding. False: it is another one.
func FindingOf(err error) (finding.Finding, bool) {
	f, ok := fault.DetailOf(err).(finding.Finding)
	return f, ok
}
