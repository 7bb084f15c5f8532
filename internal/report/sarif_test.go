package report

import (
	"bytes"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/latch-keys/latch/internal/env/envfile/judge"
	"github.com/latch-keys/latch/internal/finding"
)

// testdata/sarif-schema-2.1.0.json is the schema of the standard, errata 01, by
// OASIS.
func sarifSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("sarif.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := compiler.Compile("sarif.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func encode(t *testing.T, into *bytes.Buffer, doc any) {
	t.Helper()
	if err := json.NewEncoder(into).Encode(doc); err != nil {
		t.Fatal(err)
	}
}

func TestSARIFKeepsToTheStandard(t *testing.T) {
	t.Parallel()
	schema := sarifSchema(t)
	for name, findings := range map[string][]finding.Finding{
		"none": nil,
		"some": {
			{File: "env/web 1.env", Line: 3, Column: 7, Severity: finding.Error, Rule: judge.RuleSeed, Message: "m", Hint: "h"},
			{File: "/abs/web-1.env", Severity: finding.Warning, Rule: "of_its_own", Message: "m"},
		},
	} {
		var text bytes.Buffer
		encode(t, &text, SARIF("v1.2.3", findings, judge.Rules()))
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(doc); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		var log sarifLog
		if err := json.Unmarshal(text.Bytes(), &log); err != nil {
			t.Fatal(err)
		}
		run := log.Runs[0]
		if len(run.Results) != len(findings) {
			t.Fatalf("%s: %d results", name, len(run.Results))
		}
		for i, r := range run.Results {
			if run.Tool.Driver.Rules[r.RuleIndex].ID != string(findings[i].Rule) {
				t.Errorf("%s: result %d names rule %d", name, i, r.RuleIndex)
			}
		}
		if len(findings) == 0 {
			continue
		}
		if got := run.Results[0].Locations[0].Physical.Artifact.URI; got != "env/web%201.env" {
			t.Errorf("a relative path became %s", got)
		}
		if got := run.Results[1].Locations[0].Physical.Artifact.URI; got != "file:///abs/web-1.env" {
			t.Errorf("an absolute path became %s", got)
		}
	}
}

// Several logs become one with one run, in which each result names its rule; of no log
// comes an empty one.
func TestJoinSARIF(t *testing.T) {
	t.Parallel()
	schema := sarifSchema(t)
	of := func(file string, rules ...finding.Rule) any {
		var found []finding.Finding
		for _, rule := range rules {
			found = append(found, finding.Finding{File: file, Line: 1, Column: 1, Severity: finding.Error, Rule: rule, Message: "m"})
		}
		return SARIF("v1.2.3", found, []finding.RuleText{{Rule: "known", Text: "a text"}})
	}
	for name, c := range map[string]struct {
		logs    []any
		results []string
		rules   int
	}{
		"none":       {nil, nil, 0},
		"one failed": {[]any{of("a", "x"), nil}, []string{"a x"}, 2},
		"some":       {[]any{of("a", "x", "y"), of("b"), of("c", "z", "x", "known")}, []string{"a x", "a y", "c z", "c x", "c known"}, 4},
	} {
		var text bytes.Buffer
		encode(t, &text, JoinSARIF("v1.2.3", c.logs))
		doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text.String()))
		if err == nil {
			err = schema.Validate(doc)
		}
		var log sarifLog
		if err == nil {
			err = json.Unmarshal(text.Bytes(), &log)
		}
		if err != nil || len(log.Runs) != 1 || len(log.Runs[0].Tool.Driver.Rules) != c.rules {
			t.Errorf("%s: %v: %s", name, err, text.String())
			continue
		}
		var results []string
		for _, r := range log.Runs[0].Results {
			results = append(results, r.Locations[0].Physical.Artifact.URI+" "+log.Runs[0].Tool.Driver.Rules[r.RuleIndex].ID)
		}
		if !slices.Equal(results, c.results) {
			t.Errorf("%s: %v, want %v", name, results, c.results)
		}
	}
}

// The schema is there to refuse.
func TestSARIFSchemaRefuses(t *testing.T) {
	t.Parallel()
	schema := sarifSchema(t)
	var text bytes.Buffer
	encode(t, &text, SARIF("v1.2.3", []finding.Finding{{File: "a", Line: 1, Column: 1, Severity: "grave", Rule: "x", Message: "m"}}, nil))
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text.String()))
	if err != nil {
		t.Fatal(err)
	}
	if schema.Validate(doc) == nil {
		t.Error("a level that the standard does not know was let through")
	}
}
