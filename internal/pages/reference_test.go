package pages

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/lattice/schema"
)

// manifestRows are what the page about the manifest shows.
type manifestRows struct {
	Example, Schema string
	Records         []manifestRecord
}

type manifestRecord struct {
	Title  string
	Fields []manifestField
}

type manifestField struct {
	Name, Form, Meaning string
	Required            bool
}

func manifest(t *testing.T) manifestRows {
	t.Helper()
	s := lattice.Schema()
	rows := manifestRows{Example: wholeExample(t), Schema: s.ID}
	var visit func(title string, s schema.Schema)
	visit = func(title string, s schema.Schema) {
		if len(s.Properties) == 0 {
			return
		}
		record := manifestRecord{Title: title}
		for _, p := range s.Properties {
			record.Fields = append(record.Fields, manifestField{p.Name, formOf(t, p.Schema), p.Description, slices.Contains(s.Required, p.Name)})
		}
		if i := slices.IndexFunc(rows.Records, func(r manifestRecord) bool { return slices.Equal(r.Fields, record.Fields) }); i >= 0 {
			rows.Records[i].Title += ", " + title // the same fields in several places
			return
		}
		rows.Records = append(rows.Records, record)
		prefix := strings.TrimSuffix(strings.Trim(title, "`"), "The whole") + "."
		for _, p := range s.Properties {
			inner, path := p.Schema, strings.TrimPrefix(prefix+p.Name, ".")
			if p.Items != nil {
				inner, path = *p.Items, path+"[]"
			}
			visit("`"+path+"`", inner)
		}
	}
	visit("The whole", s)
	if len(rows.Records) < 7 {
		t.Fatalf("only %d records", len(rows.Records))
	}
	return rows
}

// formOf says in words what a schema allows.
func formOf(t *testing.T, s schema.Schema) string {
	t.Helper()
	switch {
	case s.Const != nil:
		return fmt.Sprintf("`%v`", s.Const)
	case len(s.Enum) > 0:
		return "`" + strings.Join(s.Enum, "`, `") + "`"
	case s.Format == "date-time":
		return "time"
	case strings.HasPrefix(s.Pattern, "^C["):
		return "public key, `C…`"
	case strings.HasPrefix(s.Pattern, "^(C["):
		return "public keys"
	case strings.HasSuffix(s.Pattern, "{0,62}$"):
		return "name"
	case strings.Contains(s.Pattern, "dhms"):
		return "span of time: a whole number and `d`, `h`, `m` or `s`"
	case s.Pattern != "":
		return "text like `" + strings.ReplaceAll(s.Pattern, "|", "\\|") + "`"
	case s.Type == "integer":
		return "whole number"
	case s.Type == "boolean":
		return "`true` or `false`"
	case s.Type == "string":
		return "text"
	case s.Type == "array":
		return "list"
	case s.Type == "object" && len(s.Properties) > 0:
		return "fields"
	case s.Type == "object":
		return "names and texts"
	}
	text, _ := json.Marshal(s)
	t.Fatalf("no words for %s", text)
	return ""
}

// wholeExample is a manifest that shows most fields, and that no rule finds fault
// with.
func wholeExample(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("lattice.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for i, name := range []string{"KEY0", "KEY1"} {
		seed, err := keys.Generate(keys.Cluster, bytes.NewReader(bytes.Repeat([]byte{byte(i)}, 32)))
		if err != nil {
			t.Fatal(err)
		}
		text = bytes.ReplaceAll(text, []byte(name), []byte(seed.PublicKey().String()))
	}
	file, err := lattice.Decode("lattice.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	for _, finding := range lattice.Check(file) {
		t.Error(finding)
	}
	return string(text)
}
