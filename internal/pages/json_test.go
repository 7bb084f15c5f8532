package pages

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// jsonField is a row of the page about JSON output.
type jsonField struct{ Name, Meaning, Nouns string }

// jsonFields are the fields that the product prints, each with what json.yaml says
// of it.
func jsonFields(t *testing.T) []jsonField {
	t.Helper()
	meanings := jsonMeanings(t)
	printed := jsonTags(t)
	var rows []jsonField
	for _, name := range slices.Sorted(maps.Keys(printed)) {
		nouns := slices.Sorted(maps.Keys(printed[name]))
		rows = append(rows, jsonField{name, meanings[name], strings.Join(nouns, ", ")})
	}
	return rows
}

func jsonMeanings(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile("json.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var meanings map[string]string
	if err := yaml.Unmarshal(text, &meanings); err != nil || len(meanings) < 100 {
		t.Fatalf("only %d meanings (%v)", len(meanings), err)
	}
	return meanings
}

// Whatever a command prints in JSON is explained, and nothing else is.
func TestEveryJSONFieldIsExplained(t *testing.T) {
	t.Parallel()
	meanings, printed := jsonMeanings(t), jsonTags(t)
	for name, nouns := range printed {
		if meanings[name] == "" {
			t.Errorf("%s of %v is not explained: add it to internal/pages/json.yaml", name, slices.Sorted(maps.Keys(nouns)))
		}
	}
	for name := range meanings {
		if printed[name] == nil {
			t.Errorf("nothing prints %s, which internal/pages/json.yaml explains", name)
		}
	}
}

// One name stands for one thing: these are second names.
func TestJSONFieldsHaveOneName(t *testing.T) {
	t.Parallel()
	printed := jsonTags(t)
	for second, first := range map[string]string{
		"hostname": "host", "host_name": "host", "key_name": "name", "store": "keystore", "keystore_uri": "keystore",
		"pubkey": "public_key", "publickey": "public_key", "filename": "file", "path": "file", "prefix": "lattice", "lattice_prefix": "lattice",
		"issuer": "issuer_name", "created_at": "created", "errors": "findings", "warnings": "findings", "success": "ok", "hints": "hint",
	} {
		if printed[second] != nil {
			t.Errorf("%s is a second name of %s", second, first)
		}
	}
}

// jsonTags are the names of the fields that commands print, each with the nouns of
// the commands. What follows a format of others, or is written to disk only, is
// left out.
func jsonTags(t *testing.T) map[string]map[string]bool {
	t.Helper()
	found := map[string]map[string]bool{}
	foreign := []string{
		"internal/report/sarif.go", "internal/lattice/schema", "internal/keystore", "internal/oracle", "internal/packaging", "internal/invocation/token.go",
		"internal/natsconn/context.go", "internal/wasmbus/identity.go", "internal/wasmbus/user_info.go", "internal/wasmbus/access", "internal/wasmbus/cache", "internal/wasmbus/listen.go", "internal/wasmbus/isolation", "internal/credentials/accounts", "internal/rollout",
	}
	for _, top := range []string{"cmd", "internal"} {
		err := filepath.WalkDir(filepath.Join("../..", top), func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.Name() == "testdata" {
				return fs.SkipDir
			}
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			below := filepath.ToSlash(strings.TrimPrefix(path, filepath.FromSlash("../../")))
			if slices.ContainsFunc(foreign, func(f string) bool { return strings.HasPrefix(below, f) }) {
				return nil
			}
			for _, name := range tagsIn(t, path) {
				if found[name] == nil {
					found[name] = map[string]bool{}
				}
				found[name][nounOf(below)] = true
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(found) < 100 {
		t.Fatalf("only %d fields were found", len(found))
	}
	return found
}

// nounOf is the command that prints what a file declares.
func nounOf(path string) string {
	dir := filepath.Base(filepath.Dir(path))
	switch noun, isCommand := strings.CutSuffix(dir, "cmd"); {
	case isCommand && noun != "":
		return "`" + noun + "`"
	case dir == "cmd":
		return "`version`"
	case dir == "rotation":
		return "`issuers`"
	case dir == "invocation":
		return "`invocation`"
	}
	return "several"
}

func tagsIn(t *testing.T, path string) (names []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		field, ok := n.(*ast.Field)
		if !ok || field.Tag == nil {
			return true
		}
		tag, err := strconv.Unquote(field.Tag.Value)
		if err != nil {
			t.Fatal(err)
		}
		name, _, _ := strings.Cut(reflect.StructTag(tag).Get("json"), ",")
		if name != "" && name != "-" {
			names = append(names, name)
		}
		return true
	})
	return names
}
