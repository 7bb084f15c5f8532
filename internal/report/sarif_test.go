package report

import (
	"bytes"
	"encoding/json"
	"os"
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
