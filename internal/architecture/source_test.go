package architecture

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	module  = "github.com/latch-keys/latch"
	top     = "../.." // the project's folder, from this one
	process = "cmd/latch/main.go"
)

// edge lists the files that touch the process itself: they take its
// environment, streams, clock and randomness, and hand them on as values.
func edge() []string {
	return []string{process, "internal/process/system.go", "internal/process/child.go"}
}

// source is one parsed Go file of the project.
type source struct {
	path    string // slash-separated, from the module root
	test    bool   // a _test.go file
	support bool   // in a package that only tests import
	text    string
	set     *token.FileSet
	ast     *ast.File
}

// parse reads one file; every build constraint's variant is looked at alike.
func parse(name, text string) (source, error) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, text, parser.ParseComments)
	if err != nil {
		return source{}, fmt.Errorf("parse %s: %w", name, err)
	}
	return source{
		path: name, text: text, set: set, ast: file,
		test:    strings.HasSuffix(name, "_test.go"),
		support: isSupport(path.Dir(name)),
	}, nil
}

// product tells whether the file is part of what is shipped.
func (s source) product() bool { return !s.test && !s.support }

// lines is the length of the file.
func (s source) lines() int { return strings.Count(s.text, "\n") }

// at names a place in the file for a failure message.
func (s source) at(pos token.Pos) string {
	return fmt.Sprintf("%s:%d", s.path, s.set.Position(pos).Line)
}

// imports gives each import path with the spec that asks for it.
func (s source) imports() map[string]*ast.ImportSpec {
	specs := map[string]*ast.ImportSpec{}
	for _, spec := range s.ast.Imports {
		if name, err := strconv.Unquote(spec.Path.Value); err == nil {
			specs[name] = spec
		}
	}
	return specs
}

// ours gives the packages of this module that the file imports, with the places.
func (s source) ours() map[string]token.Pos {
	found := map[string]token.Pos{}
	for name, spec := range s.imports() {
		if target, ok := strings.CutPrefix(name, module+"/"); ok {
			found[target] = spec.Pos()
		}
	}
	return found
}

// uses lists where the file mentions a name of an imported package, as
// "os.Exit" does, with the names as found.
func (s source) uses(pkg string) map[string][]token.Pos {
	spec, found := s.imports()[pkg]
	if !found {
		return nil
	}
	local := localName(pkg)
	if spec.Name != nil {
		local = spec.Name.Name
	}
	names := map[string][]token.Pos{}
	ast.Inspect(s.ast, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if id, ok := sel.X.(*ast.Ident); ok && id.Name == local {
			names[sel.Sel.Name] = append(names[sel.Sel.Name], sel.Pos())
		}
		return true
	})
	return names
}

// localName is what a package is called where no other name is given.
func localName(pkg string) string { return path.Base(strings.TrimSuffix(pkg, "/v2")) }

// files gives the paths of the project's own files with one of the endings.
func files(t *testing.T, endings ...string) []string {
	t.Helper()
	var found []string
	err := fs.WalkDir(os.DirFS(top), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return skip(name)
		}
		for _, ending := range endings {
			if strings.HasSuffix(name, ending) {
				found = append(found, name)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("walk the project: %v", err)
	}
	if len(found) == 0 {
		t.Fatalf("no file ends in %v: this test would guard nothing", endings)
	}
	return found
}

// skip leaves out what is not source: hidden and built folders, test data.
func skip(dir string) error {
	switch base := path.Base(dir); {
	case dir == ".":
		return nil
	case strings.HasPrefix(base, "."), base == "testdata", dir == "bin", dir == "dist", dir == "demo":
		return fs.SkipDir
	}
	return nil
}

// sources parses every Go file of the project.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	for _, name := range files(t, ".go") {
		s, err := parse(name, read(t, name))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	return all
}

// read gives the text of one of the project's files.
func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(top, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestHouse(t *testing.T) {
	t.Parallel()
	all := sources(t)
	for _, r := range rules() {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			for _, s := range all {
				for _, breach := range slices.Sorted(slices.Values(r.check(s))) {
					t.Errorf("%s: %s", breach, r.says)
				}
			}
		})
	}
}
