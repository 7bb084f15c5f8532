package pages

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"text/template"

	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/env/envfile"
	"github.com/latch-keys/latch/internal/env/envfile/judge"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/settings"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

var update = flag.Bool("update", false, "write the pages instead of comparing with them")

// TestDocsPages makes every page that has a template here.
func TestDocsPages(t *testing.T) {
	t.Parallel()
	data := map[string]any{
		"env-check.md":   envCheck(t),
		"environment.md": environment(t),
		"json.md":        jsonFields(t),
		"licences.md":    licenceTable(t),
		"manifest.md":    manifest(t),
		"settings.md":    settings.Table(),
	}
	templates, err := filepath.Glob("*.tmpl")
	if err != nil || len(templates) != len(data) {
		t.Fatalf("%d templates, want %d (%v)", len(templates), len(data), err)
	}
	words := template.FuncMap{"secret": func(v wasmcloud.Variable) bool { return v.Sensitivity == wasmcloud.Secret }}
	for name, rows := range data {
		var text bytes.Buffer
		page := template.Must(template.New(name + ".tmpl").Funcs(words).ParseFiles(name + ".tmpl"))
		if err := page.Execute(&text, rows); err != nil {
			t.Fatal(err)
		}
		compare(t, filepath.Join("../../docs", name), text.Bytes())
	}
}

// compare holds a page against what it should be, or writes it.
func compare(t *testing.T, path string, want []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s is not current: run make docs (%v)", filepath.Base(path), err)
	}
}

type envCheckRows struct {
	Readings []envfile.Reading
	Rules    any
}

func envCheck(t *testing.T) envCheckRows {
	t.Helper()
	rows := envCheckRows{envfile.Readings(), judge.Rules()}
	if len(rows.Readings) < 3 || len(judge.Rules()) < 10 {
		t.Fatal("too few rows")
	}
	return rows
}

type environmentRows struct {
	Targets         []targetRow
	Written, Others []wasmcloud.Variable
	Example         string
	Dialects        []env.Dialect
}

// targetRow is a target with what hosts of a lattice called prod keep in NATS.
type targetRow struct {
	wasmcloud.Target
	Streams []wasmcloud.Store
	Subject string
}

func environment(t *testing.T) environmentRows {
	t.Helper()
	rows := environmentRows{
		Written:  slices.DeleteFunc(wasmcloud.Variables(), func(v wasmcloud.Variable) bool { return !env.Writes(v) }),
		Others:   slices.DeleteFunc(wasmcloud.Variables(), env.Writes),
		Example:  example(t),
		Dialects: env.Dialects(),
	}
	for _, target := range wasmcloud.AllTargets() {
		rows.Targets = append(rows.Targets, targetRow{target, target.Stores("prod"), target.PingSubject("prod", "")})
	}
	if len(rows.Written) < 10 || len(rows.Others) < 10 || len(rows.Targets) < 5 {
		t.Fatal("too few rows")
	}
	return rows
}

// example is a part of a manifest that can be read, and that no rule finds fault
// with.
func example(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("nats.yaml")
	if err != nil {
		t.Fatal(err)
	}
	seed, err := keys.Generate(keys.Cluster, bytes.NewReader(make([]byte, 32)))
	if err != nil {
		t.Fatal(err)
	}
	head := "version: 1\nlattice: prod\ntarget: rust-0.80\nissuers:\n  - {name: prod-cluster, public_key: " + seed.PublicKey().String() + "}\n"
	file, err := lattice.Decode("lattice.yaml", append([]byte(head), text...))
	if err != nil {
		t.Fatal(err)
	}
	for _, finding := range lattice.Check(file) {
		t.Error(finding)
	}
	return string(text)
}
