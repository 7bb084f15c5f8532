package sbom

import (
	"bytes"
	"debug/buildinfo"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// The document keeps to the schema of CycloneDX, and has every module that is in
// latch.
func TestDocument(t *testing.T) {
	t.Parallel()
	latch := filepath.Join(t.TempDir(), "latch")
	if out, err := exec.Command("go", "build", "-o", latch, "../../../cmd/latch").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	program := Program{
		Version: "1.2.3-rc.1", Made: "2026-11-21T20:55:00Z",
		Licences: map[string]string{"std": "BSD-3-Clause", "go.yaml.in/yaml/v3": "Apache-2.0 AND MIT"},
	}
	text, err := Of(latch, program)
	if err != nil {
		t.Fatal(err)
	}
	instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	standard := schema(t)
	if err := standard.Validate(instance); err != nil {
		t.Errorf("not as the schema has it: %v\n%s", err, text)
	}
	var doc document
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	info, err := buildinfo.ReadFile(latch)
	if err != nil || len(info.Deps) == 0 {
		t.Fatalf("%d modules in latch (%v)", len(info.Deps), err)
	}
	for _, module := range info.Deps {
		want := "pkg:golang/" + module.Path + "@" + module.Version
		if !slices.ContainsFunc(doc.Components, func(c component) bool { return c.PURL == want }) || !slices.Contains(doc.Dependencies[0].On, want) {
			t.Errorf("%s is left out", want)
		}
	}
	if len(doc.Components) != len(info.Deps)+1 || doc.Components[0].Name != "std" {
		t.Errorf("%d components for %d modules and Go", len(doc.Components), len(info.Deps))
	}

	again, err := Of(latch, program)
	if err != nil || !bytes.Equal(again, text) {
		t.Errorf("a second document of the same program differs (%v)", err)
	}
	instance.(map[string]any)["components"].([]any)[0].(map[string]any)["type"] = "nonsense"
	if standard.Validate(instance) == nil {
		t.Error("the schema takes anything")
	}
}

func TestNoProgramNoDocument(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "text")
	if err := os.WriteFile(path, []byte("no program"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Of(path, Program{}); err == nil {
		t.Error("a text has a document")
	}
}

// schema is that of the standard, without its descriptions.
func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	for _, name := range []string{"bom-1.6.schema.json", "spdx.schema.json", "jsf-0.82.schema.json"} {
		text, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		part, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if err := compiler.AddResource("http://cyclonedx.org/schema/"+name, part); err != nil {
			t.Fatal(err)
		}
	}
	compiled, err := compiler.Compile("http://cyclonedx.org/schema/bom-1.6.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}
