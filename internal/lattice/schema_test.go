package lattice

import (
	"bytes"
	"encoding/json"
	"errors"
	commandline "flag" // flag is a word of this package
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"

	"github.com/latch-keys/latch/internal/lattice/schema"
)

var update = commandline.Bool("update", false, "write docs/lattice.schema.json instead of comparing with it")

// beyondSchema are the errors of the decoder that no schema can have, by a part of
// the message.
func beyondSchema() []string {
	return []string{
		// About several places of the manifest.
		"is the name of", "no issuer is named", "cannot take its own place", "second successor", "speaks of",
		"on the deny list", "is set above", "listed twice", "a rotation of no key",
		// About what a text means.
		"the JWT cannot be read", "is no address", "holds what cannot be printed", "the character NUL", "latch writes",
		// About how YAML is spelled, of which a schema sees the values alone.
		"must be a whole number in plain digits, not a number", "an anchor", "a tag", "must stand on one line", "a colon must follow", "a second document", "carriage return",
	}
}

// TestSchemaAgreesWithTheDecoder: whatever manifest the tests have, the schema
// accepts it if the decoder does, and refuses it if the decoder refuses it for a
// reason that a schema can have.
func TestSchemaAgreesWithTheDecoder(t *testing.T) {
	t.Parallel()
	s := compileSchema(t, Schema())
	excuses := map[string]int{}
	accepted, refused := 0, 0
	for name, text := range fixtures() {
		value, err := yamlValue(text)
		if err == nil {
			err = s.Validate(value)
		}
		_, problem := Decode("lattice.yaml", []byte(text))
		switch {
		case problem == nil && err == nil:
			accepted++
		case problem != nil && err != nil:
			refused++
		case problem == nil:
			t.Errorf("%s: the decoder accepts it, the schema does not: %v", name, err)
		default:
			excuse := excuseFor(problem)
			if excuses[excuse]++; excuse == "" {
				t.Errorf("%s: the schema accepts it, the decoder does not: %v", name, problem)
			}
		}
	}
	if accepted < 8 || refused < 40 {
		t.Errorf("only %d manifests were accepted by both and %d refused", accepted, refused)
	}
	for _, excuse := range beyondSchema() {
		if excuses[excuse] == 0 {
			t.Errorf("no fixture needs the excuse %q", excuse)
		}
	}
}

// excuseFor is why a schema need not have the error; "" if it must.
func excuseFor(problem error) string {
	if errors.Is(problem, ErrExposedSeed) {
		return "seed"
	}
	for _, part := range beyondSchema() {
		if strings.Contains(problem.Error(), part) {
			return part
		}
	}
	return ""
}

// fixtures are the manifests of the tests, sound and broken, by name.
func fixtures() map[string]string {
	all := map[string]string{
		"sample": sample, "uniform": uniform(), "connected": connected, "rotating": sample + rotating,
		"extras":    sample + rotating + "denied: [{public_key: KEY3}, {public_key: KEY2, name: old, at: 2026-11-21T20:55:00Z}]\nmax_age: 90d\nmin_soak: 15m\n",
		"observed":  sample + rotating + "  observed:\n    - {host: a, signs: KEY0, accepts: \"KEY0,KEY1\", generation: 1, evidence: read, at: 2026-11-21T20:55:00Z}\n    - {host: b, signs: \"\", accepts: as a, generation: 0, evidence: attested, at: 2026-11-21T20:55:00Z}\n",
		"flow":      "{version: 1, lattice: p, target: otp, issuers: [{name: one, public_key: KEY0}]}",
		"long name": strings.Replace(sample, "web-1", strings.Repeat("ab-", 21)+"c", 1),
		"variables": strings.Replace(sample, "    target: otp", "    env: {A: b, RUST_LOG: debug}", 1),
		"a list":    "[]", "a word": "prod",
	}
	add := func(base string, cases []refusal) {
		for _, c := range cases {
			all[c.name] = strings.Replace(base, c.old, c.new, 1)
		}
	}
	add(sample, refusals())
	add(sample, variableRefusals())
	add(connected, natsRefusals())
	for _, c := range rotationRefusals() {
		all["rotation: "+c.name] = strings.Replace(sample+rotating, c.old, c.new, 1)
	}
	for name, text := range all {
		all[name] = fill(text)
	}
	return all
}

// The schema accepts every manifest that latch writes.
func TestSchemaAcceptsWhatIsWritten(t *testing.T) {
	t.Parallel()
	s := compileSchema(t, Schema())
	rapid.Check(t, func(t *rapid.T) {
		d, err := New("lattice.yaml", drawManifest(t))
		if err != nil {
			t.Fatal(err)
		}
		value, err := yamlValue(string(d.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Validate(value); err != nil {
			t.Fatalf("%v\n%s", err, d.Bytes())
		}
	})
}

// Editors show what a field means: each says it.
func TestEveryFieldSaysWhatItMeans(t *testing.T) {
	t.Parallel()
	seen := 0
	var visit func(path string, s schema.Schema)
	visit = func(path string, s schema.Schema) {
		for _, p := range s.Properties {
			seen++
			if p.Description == "" || strings.HasSuffix(p.Description, ".") {
				t.Errorf("%s.%s is described as %q", path, p.Name, p.Description)
			}
			visit(path+"."+p.Name, p.Schema)
		}
		if s.Items != nil {
			visit(path+"[]", *s.Items)
		}
	}
	visit("", Schema())
	if seen < 60 {
		t.Errorf("only %d fields were seen", seen)
	}
}

// The schemas in docs are those of the code, to the byte.
func TestDocsSchema(t *testing.T) {
	t.Parallel()
	for page, s := range map[string]schema.Schema{"../../docs/lattice.schema.json": Schema(), "../../docs/shared.schema.json": SharedSchema()} {
		want := schemaText(t, s)
		if *update {
			if err := os.WriteFile(page, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(page); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is not current: run make docs (%v)", page, err)
		}
	}
}

func schemaText(t *testing.T, s schema.Schema) []byte {
	t.Helper()
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(s); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

func compileSchema(t *testing.T, s schema.Schema) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(schemaText(t, s)))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource("lattice.json", doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile("lattice.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// yamlValue reads YAML as editors do: by YAML 1.2, in which times are texts.
func yamlValue(text string) (any, error) {
	var root yaml.Node
	if err := yaml.Unmarshal([]byte(text), &root); err != nil {
		return nil, err
	}
	var plain func(n *yaml.Node)
	plain = func(n *yaml.Node) {
		if n.Tag == "!!timestamp" {
			n.Tag = "!!str"
		}
		for _, child := range n.Content {
			plain(child)
		}
	}
	plain(&root)
	var value any
	if err := root.Decode(&value); err != nil {
		return nil, err
	}
	encoded, err := json.Marshal(value)
	if err != nil {
		return nil, err
	}
	return jsonschema.UnmarshalJSON(bytes.NewReader(encoded))
}
