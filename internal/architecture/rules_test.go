package architecture

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
)

// rule is one promise about every source file. check returns its breaches,
// each beginning with the place.
type rule struct {
	name  string
	says  string
	check func(source) []string
}

func rules() []rule {
	return []rule{
		{"arrows", "an import goes down from floor to floor, docs/layout.md", arrows},
		{"libraries", "a library stays in its room, docs/dependencies.md", libraries},
		{"process", "environment, streams and exit come in as values from internal/process/system.go", processValues},
		{"sources of chance", "time and randomness come in as values from internal/process/system.go", chance},
		{"disk", "internal/safefile is the one place that writes files and reads what they hold", disk},
		{"init", "no init functions: construct explicitly", initFunctions},
		{"package names", "name a package after what it holds", packageNames},
		{"documentation", "every exported name has a doc comment", documented},
		{"length", fmt.Sprintf("a file has at most %d lines, a function %d", maxFile, maxFunc), lengths},
	}
}

// homes gives the rooms of each library that is not free to roam; none
// means tests only.
func homes() map[string][]string {
	return map[string][]string{
		"github.com/spf13/cobra":          {"cmd", "cmd/app", "cmd/*cmd"},
		"github.com/spf13/pflag":          {"cmd", "cmd/app", "cmd/*cmd"},
		"github.com/spf13/viper":          {"internal/settings"},
		"github.com/fatih/color":          {"internal/terminal"},
		"github.com/rivo/uniseg":          {"internal/printable"},
		"golang.org/x/term":               {"internal/terminal"},
		"github.com/zalando/go-keyring":   {"internal/keystore"},
		"github.com/danieljoos/wincred":   {"internal/keystore"},
		"filippo.io/age":                  {"internal/keystore"},
		"golang.org/x/crypto":             {"internal/keystore"},
		"golang.org/x/net":                {"internal/keystore"},
		"golang.org/x/sys":                {"internal/safefile", "internal/terminal", "internal/process"},
		"github.com/godbus/dbus/v5":       {"internal/keystore"},
		"github.com/gofrs/flock":          {"internal/safefile"},
		"go.yaml.in/yaml/v3":              {"internal/yamledit", "internal/env"},
		"filippo.io/edwards25519":         {"internal/keys", "internal/invocation"},
		"github.com/vmihailenco/msgpack":  {"internal/invocation"},
		"github.com/nats-io/nkeys":        {"internal/keys"},
		"github.com/nats-io/jwt/v2":       {"internal/lattice", "internal/credentials"},
		"github.com/nats-io/nats.go":      {"internal/natsconn", "internal/wasmbus", "internal/keystore"},
		"github.com/nats-io/nats-server":  {},
		"github.com/klauspost/compress":   {"internal/scan"},
		"github.com/ulikunitz/xz":         {"internal/scan"},
		"github.com/docker/cli":           {},
		"github.com/compose-spec":         {"internal/env"},
		"k8s.io":                          {},
		"sigs.k8s.io":                     {},
		"github.com/rogpeppe/go-internal": {},
		"pgregory.net/rapid":              {},
	}
}

func libraries(s source) (breaches []string) {
	if !s.product() {
		return nil
	}
	for name, spec := range s.imports() {
		for library, allowed := range homes() {
			if name != library && !strings.HasPrefix(name, library+"/") {
				continue
			}
			if home, _ := room(path.Dir(s.path)); !slices.ContainsFunc(allowed, func(pattern string) bool { ok, _ := path.Match(pattern, home); return ok }) {
				breaches = append(breaches, fmt.Sprintf("%s: %s", s.at(spec.Pos()), name))
			}
		}
	}
	return breaches
}

// banned reports the uses of names in pkg; a name that ends in * is a prefix.
func banned(s source, pkg string, names ...string) (breaches []string) {
	for used, places := range s.uses(pkg) {
		for _, name := range names {
			stem, open := strings.CutSuffix(name, "*")
			if used != name && !(open && strings.HasPrefix(used, stem)) {
				continue
			}
			for _, pos := range places {
				breaches = append(breaches, fmt.Sprintf("%s: %s.%s", s.at(pos), localName(pkg), used))
			}
		}
	}
	return breaches
}

func processValues(s source) []string {
	if !s.product() || slices.Contains(edge(), s.path) {
		return nil
	}
	return slices.Concat(
		banned(s, "os", "Getenv", "LookupEnv", "Environ", "Setenv", "Unsetenv", "Clearenv", "ExpandEnv",
			"Exit", "Args", "Stdin", "Stdout", "Stderr", "Getwd", "UserHomeDir", "UserConfigDir", "UserCacheDir"),
		banned(s, "fmt", "Print*", "Scan*"),
		banned(s, "log", "*"),
		banned(s, "syscall", "Exit", "Getenv", "Environ"),
	)
}

func chance(s source) []string {
	if !s.product() || slices.Contains(edge(), s.path) {
		return nil
	}
	found := slices.Concat(banned(s, "time", "Now", "Since", "Until"), banned(s, "crypto/rand", "*"))
	if home, _ := room(path.Dir(s.path)); home == "internal/safefile" {
		return found // names of temporary files, which must merely differ
	}
	return slices.Concat(found, banned(s, "math/rand", "*"), banned(s, "math/rand/v2", "*"))
}

// disk lets a room look whether a file is there, but neither write one nor
// read what it holds.
func disk(s source) []string {
	if home, _ := room(path.Dir(s.path)); !s.product() || home == "internal/safefile" {
		return nil
	}
	found := slices.Concat(
		banned(s, "os", "Create*", "OpenFile", "OpenRoot", "Write*", "Mkdir*", "Remove*", "Rename", "Link", "Symlink",
			"Ch*", "Lchown", "Truncate", "CopyFS", "Root"),
		banned(s, "io/ioutil", "*"),
	)
	if s.path == "internal/keystore/keyring/probe_linux.go" {
		return found // reads where the bus is, as the library it stands before does
	}
	return append(found, banned(s, "os", "Open", "ReadFile", "DirFS")...)
}

func initFunctions(s source) (breaches []string) {
	for _, fn := range functions(s) {
		if fn.Name.Name == "init" && fn.Recv == nil {
			breaches = append(breaches, s.at(fn.Pos()))
		}
	}
	return breaches
}

func packageNames(s source) []string {
	name := strings.TrimSuffix(s.ast.Name.Name, "_test")
	if slices.Contains([]string{"util", "utils", "helper", "helpers", "common", "misc", "shared"}, name) {
		return []string{fmt.Sprintf("%s: package %s", s.path, name)}
	}
	return nil
}

func documented(s source) (breaches []string) {
	if s.test {
		return nil
	}
	for _, decl := range s.ast.Decls {
		for name, doc := range exported(decl) {
			if doc.Text() == "" {
				breaches = append(breaches, fmt.Sprintf("%s: %s", s.at(decl.Pos()), name))
			}
		}
	}
	return breaches
}

// exported gives the exported names that a declaration makes, each with the
// comment nearest to it.
func exported(decl ast.Decl) map[string]*ast.CommentGroup {
	names := map[string]*ast.CommentGroup{}
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && (d.Recv == nil || ast.IsExported(receiver(d))) {
			names[d.Name.Name] = d.Doc
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				add(names, spec.Name, spec.Doc, spec.Comment, d.Doc)
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					add(names, name, spec.Doc, spec.Comment, d.Doc)
				}
			}
		}
	}
	return names
}

// add notes an exported name with the first of the comments that says something.
func add(names map[string]*ast.CommentGroup, id *ast.Ident, docs ...*ast.CommentGroup) {
	if !id.IsExported() {
		return
	}
	names[id.Name] = nil
	for _, doc := range docs {
		if strings.TrimSpace(doc.Text()) != "" {
			names[id.Name] = doc
			return
		}
	}
}

// receiver names the type that a method belongs to.
func receiver(fn *ast.FuncDecl) string {
	expr := fn.Recv.List[0].Type
	for {
		switch e := expr.(type) {
		case *ast.StarExpr:
			expr = e.X
		case *ast.IndexExpr:
			expr = e.X
		case *ast.Ident:
			return e.Name
		default:
			return ""
		}
	}
}
