package finding_test

import (
	"testing"

	"github.com/latch-keys/latch/internal/finding"
)

func TestSortKeepsTheOrderOfOnePlace(t *testing.T) {
	t.Parallel()
	found := []finding.Finding{
		{File: "b", Line: 1},
		{File: "a", Line: 2, Column: 1, Rule: "first"},
		{File: "a", Line: 2, Column: 1, Rule: "second"},
		{File: "a", Line: 1, Column: 9},
	}
	finding.Sort(found)
	if found[0].Line != 1 || found[1].Rule != "first" || found[2].Rule != "second" || found[3].File != "b" {
		t.Errorf("%v", found)
	}
}

func TestStringIsWhatCompilersPrint(t *testing.T) {
	t.Parallel()
	f := finding.Finding{File: "web-1.env", Line: 3, Column: 5, Severity: finding.Warning, Rule: "prefix", Message: "a dot in it", Hint: "x"}
	if got := f.String(); got != "web-1.env:3:5: warning: a dot in it [prefix]" {
		t.Error(got)
	}
	f.Column = 0
	if got := f.String(); got != "web-1.env:3: warning: a dot in it [prefix]" {
		t.Error(got)
	}
}
