package architecture

import (
	"go/ast"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A library with one file can be replaced in one file.
func TestOneFileLibraries(t *testing.T) {
	t.Parallel()
	all := sources(t)
	for _, library := range []string{"github.com/spf13/viper", "github.com/fatih/color", "github.com/zalando/go-keyring"} {
		var users []string
		for _, s := range all {
			if _, found := s.imports()[library]; found && s.product() {
				users = append(users, s.path)
			}
		}
		if len(users) != 1 {
			t.Errorf("%s: imported by %v, want exactly one file", library, users)
		}
	}
}

// Every package says what it is in doc.go and has a test that can run.
func TestPackages(t *testing.T) {
	t.Parallel()
	type traits struct{ doc, tested, support bool }
	packages := map[string]*traits{}
	for _, s := range sources(t) {
		dir := path.Dir(s.path)
		if dir == "." || s.path == process && s.lines() <= maxMain {
			continue
		}
		if packages[dir] == nil {
			packages[dir] = &traits{support: s.support}
		}
		p := packages[dir]
		p.doc = p.doc || !s.test && strings.HasPrefix(s.ast.Doc.Text(), s.title())
		p.tested = p.tested || s.test && slices.ContainsFunc(functions(s), isTest)
	}
	for dir, p := range packages {
		if !p.doc {
			t.Errorf("%s: no package comment", dir)
		}
		if noun, isNoun := strings.CutSuffix(dir, "cmd"); isNoun && dir != "cmd" {
			p.tested = p.tested || scripted(t, path.Base(noun))
		}
		if !p.tested && !p.support {
			t.Errorf("%s: no test", dir)
		}
	}
}

// scripted tells whether a script of the whole program runs commands of the noun.
func scripted(t *testing.T, noun string) bool {
	t.Helper()
	scripts, err := fs.Glob(os.DirFS(top), "cmd/testdata/*/*.txtar")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("no scripts: this test would guard nothing (%v)", err)
	}
	calls := regexp.MustCompile(`(?m)^.*\blatch ` + noun + ` `)
	return slices.ContainsFunc(scripts, func(name string) bool {
		text, err := fs.ReadFile(os.DirFS(top), name)
		return err == nil && calls.Match(text)
	})
}

// isTest tells whether go test runs the function.
func isTest(fn *ast.FuncDecl) bool {
	return fn.Recv == nil && (strings.HasPrefix(fn.Name.Name, "Test") || strings.HasPrefix(fn.Name.Name, "Fuzz"))
}

// Words that say work was left undone; split, since this file is searched too.
func TestNothingLeftOver(t *testing.T) {
	t.Parallel()
	left := regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`)
	for _, name := range files(t, ".go", ".md", ".sh", ".yml", ".yaml", "Makefile") {
		for i, line := range strings.Split(read(t, name), "\n") {
			if left.MatchString(line) {
				t.Errorf("%s:%d: left over: %s", name, i+1, line)
			}
		}
	}
}

// Every module that the code imports has its line in docs/dependencies.md,
// and every module that has a line there is imported.
func TestDependenciesAreExplained(t *testing.T) {
	t.Parallel()
	modules := regexp.MustCompile(`(?m)^\t?(?:require )?([a-z][^\s/]*\.[^\s]+) v`).FindAllStringSubmatch(read(t, "go.mod"), -1)
	listed := read(t, "docs/dependencies.md")
	used := map[string]string{}
	for _, s := range sources(t) {
		for name := range s.imports() {
			for _, m := range modules {
				if name == m[1] || strings.HasPrefix(name, m[1]+"/") {
					used[m[1]] = s.path
				}
			}
		}
	}
	if len(used) == 0 {
		t.Fatal("no import of any module of go.mod: this test would guard nothing")
	}
	for _, m := range modules {
		row := strings.Contains(listed, "| `"+m[1]+"` |")
		if user, direct := used[m[1]]; direct != row {
			t.Errorf("docs/dependencies.md: %s: imported %t (%s), explained %t", m[1], direct, user, row)
		}
	}
	t.Logf("%d direct dependencies", len(used))
}

// docs/fuzzing.md lists every fuzz target of a package, and no other.
func TestFuzzTargetsAreListed(t *testing.T) {
	t.Parallel()
	targets, listed := map[string]bool{}, map[string]bool{}
	for _, s := range sources(t) {
		for _, fn := range functions(s) {
			if s.test && isTest(fn) && strings.HasPrefix(fn.Name.Name, "Fuzz") {
				targets["`"+path.Dir(s.path)+"` | `"+fn.Name.Name+"`"] = true
			}
		}
	}
	for _, row := range regexp.MustCompile("`internal/[a-z/]+` \\| `Fuzz[A-Za-z]+`").FindAllString(read(t, "docs/fuzzing.md"), -1) {
		listed[row] = true
		if !targets[row] {
			t.Errorf("docs/fuzzing.md: there is no target %s", row)
		}
	}
	for row := range targets {
		if !listed[row] {
			t.Errorf("docs/fuzzing.md lacks %s", row)
		}
	}
	if len(targets) < 50 {
		t.Errorf("only %d targets were found", len(targets))
	}
}

// Every outside program that a test asks for is one that scripts/test-deps.sh
// provides, or CI would skip the test for good.
func TestOraclesAreInstalled(t *testing.T) {
	t.Parallel()
	provided := read(t, "scripts/test-deps.sh")
	need := regexp.MustCompile(`oracle\.(?:Need|Missing)\([a-z]+, "([^"]+)"`)
	count := 0
	for _, s := range sources(t) {
		for _, m := range need.FindAllStringSubmatch(s.text, -1) {
			count++
			// A row of the table, or an npm package with its version.
			if name := regexp.QuoteMeta(m[1]); !regexp.MustCompile(`(?m)^\s*` + name + `\s| ` + name + `@\d`).MatchString(provided) {
				t.Errorf("%s: %q is not in scripts/test-deps.sh", s.path, m[1])
			}
		}
	}
	if count == 0 {
		t.Error("no test asks for an outside program: this test would guard nothing")
	}
}
