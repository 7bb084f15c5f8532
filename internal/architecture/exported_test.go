package architecture

import (
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// called are the methods that are called through interfaces of the standard
// library and of the libraries we use, so that no package of ours names them.
func called() []string {
	return []string{
		"Error", "Unwrap", "Is", "As", "String", "GoString", "Format", "LogValue", "Read", "Write", "Close", "Less", "Len", "Swap",
		"MarshalText", "UnmarshalText", "MarshalJSON", "UnmarshalJSON", "MarshalYAML", "UnmarshalYAML", "Set", "Type", "Wrap",
	}
}

// declared is an exported name of a package: Name, or Type.Name of a method.
type declared struct {
	dir, name, place string
	with             []string // names that go with it: those of its group of constants, and their type
	says             []string // names in its signature
}

// Every exported name is used by another package: tests of others count, the
// package's own do not. A type also counts where something in use gives or takes
// it, and a constant where another of its group or their type is in use, since half
// a set helps nobody.
func TestEveryExportedNameIsUsed(t *testing.T) {
	t.Parallel()
	all := sources(t)
	var pages []string // templates name methods too
	for _, name := range files(t, ".tmpl") {
		pages = append(pages, read(t, name))
	}
	known := newIndex(all, pages)
	count := 0
	for dir, names := range exportedNames(all) {
		count += len(names)
		owed := unneeded()[dir]
		for _, d := range unused(names, known.of(dir)) {
			if i := slices.Index(owed, d.name); i >= 0 {
				owed = slices.Delete(owed, i, i+1)
				continue
			}
			t.Errorf("%s: %s is exported, but no other package uses it", d.place, d.name)
		}
		for _, name := range owed {
			t.Errorf("%s: %s has a user now, or has gone: take it off the list", dir, name)
		}
	}
	if count < 100 {
		t.Errorf("only %d exported names were found", count)
	}
}

// unused gives the names that nobody uses, from those that others use directly.
func unused(names []declared, used map[string]bool) []declared {
	for {
		more := false
		for _, d := range names {
			if !isUsed(d, used) {
				continue
			}
			for _, name := range append(append([]string{d.name}, d.with...), d.says...) {
				more = more || !used[name]
				used[name] = true
			}
		}
		if !more {
			break
		}
	}
	return slices.DeleteFunc(slices.Clone(names), func(d declared) bool { return isUsed(d, used) })
}

// isUsed looks a name up. A method may be called through any variable, so that
// one with its name anywhere else counts.
func isUsed(d declared, used map[string]bool) bool {
	_, method, isMethod := strings.Cut(d.name, ".")
	return used[d.name] || slices.ContainsFunc(d.with, func(name string) bool { return used[name] }) || isMethod && (used["."+method] || slices.Contains(called(), method))
}

// index is what packages say of each other.
type index struct {
	taken   map[string][]string        // package: the names that others take from it
	members map[string]map[string]bool // method or field: the packages that name it
}

func newIndex(all []source, pages []string) index {
	x := index{map[string][]string{}, map[string]map[string]bool{}}
	member := func(name, by string) {
		if x.members[name] == nil {
			x.members[name] = map[string]bool{}
		}
		x.members[name][by] = true
	}
	for _, s := range all {
		dir := path.Dir(s.path)
		for target := range s.ours() {
			if target == dir { // the package's own tests
				continue
			}
			for name := range s.uses(module + "/" + target) {
				x.taken[target] = append(x.taken[target], name)
			}
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				member(n.Sel.Name, dir)
			case *ast.InterfaceType: // who implements it is called through it
				for _, m := range n.Methods.List {
					for _, id := range m.Names {
						member(id.Name, "an interface")
					}
				}
			}
			return true
		})
	}
	for _, page := range pages {
		for _, m := range regexp.MustCompile(`\.([A-Z]\w*)`).FindAllStringSubmatch(page, -1) {
			member(m[1], "a template")
		}
	}
	return x
}

// of gives what other packages take from one, and, with a dot in front, the
// methods and fields that they name at all.
func (x index) of(dir string) map[string]bool {
	used := map[string]bool{}
	for _, name := range x.taken[dir] {
		used[name] = true
	}
	for name, by := range x.members {
		if len(by) > 1 || !by[dir] {
			used["."+name] = true
		}
	}
	return used
}

// exportedNames gives those of each package of the product.
func exportedNames(all []source) map[string][]declared {
	found := map[string][]declared{}
	for _, s := range all {
		if !s.product() || s.ast.Name.Name == "main" {
			continue
		}
		dir := path.Dir(s.path)
		for _, decl := range s.ast.Decls {
			for _, d := range exportedBy(decl) {
				d.dir, d.place = dir, s.at(decl.Pos())
				found[dir] = append(found[dir], d)
			}
		}
	}
	return found
}

// exportedBy gives the exported names of a declaration at the top of a file, and
// the methods of exported types.
func exportedBy(decl ast.Decl) (found []declared) {
	if fn, ok := decl.(*ast.FuncDecl); ok {
		name := fn.Name.Name
		if fn.Recv != nil {
			name = receiver(fn) + "." + name
		}
		if ast.IsExported(name) && fn.Name.IsExported() {
			found = append(found, declared{name: name, says: mentioned(fn.Type)})
		}
		return found
	}
	for _, spec := range decl.(*ast.GenDecl).Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if spec.Name.IsExported() {
				found = append(found, declared{name: spec.Name.Name, says: mentioned(spec.Type)})
			}
		case *ast.ValueSpec:
			for _, id := range spec.Names {
				if id.IsExported() {
					found = append(found, declared{name: id.Name, says: mentioned(spec.Type)})
				}
			}
		}
	}
	if decl.(*ast.GenDecl).Tok == token.CONST {
		var group []string
		for _, d := range found {
			group = append(append(group, d.name), d.says...)
		}
		for i := range found {
			found[i].with = group
		}
	}
	return found
}

// mentioned gives the exported names in a type or a signature.
func mentioned(n ast.Expr) (names []string) {
	if n == nil {
		return nil
	}
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.IsExported() {
			names = append(names, id.Name)
		}
		return true
	})
	return names
}

// unneeded lists the names that are exported and that no other package uses yet, by
// package. It only gets shorter: a name that is not on it fails the test, and so
// does one on it that has found a user or has gone.
func unneeded() map[string][]string {
	return map[string][]string{
		"internal/env/envfile":      {"Entry"},
		"internal/invocation":       {"ReadClaims", "Verifier.VerifyMessage", "Verifier.VerifyToken", "Window.Blind"},
		"internal/keys":             {"PublicKey.AppendText"},
		"internal/keystore/keyring": {"Error", "Failed", "Locked", "NoBus", "NoDefault", "NoService", "Reason", "TimedOut", "Unusable"},
		"internal/rotation":         {"Attest", "Observe", "RestartOrder", "Running"},
	}
}
