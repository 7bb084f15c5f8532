package licences

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// Module is something that latch is made of, with what its authors say of its use.
type Module struct {
	Path    string
	Version string
	// Licences are all whose words stand in its texts.
	Licences []string
	Texts    []Text
}

// Text is a file with a licence or a notice that has to be passed on.
type Text struct{ Name, Words string }

// Expression is the licences as SPDX writes several.
func (m Module) Expression() string { return strings.Join(m.Licences, " AND ") }

// Linked gives the modules of which packages are in latch on any of its systems,
// and Go itself, in the order of their paths. dir is a folder of the module.
func Linked(dir string) ([]Module, error) {
	return list(dir, []string{"linux", "darwin", "windows"}, "./cmd/latch")
}

// Tested gives the modules that all the packages and their tests use on Linux, where
// all tests run.
func Tested(dir string) ([]Module, error) { return list(dir, []string{"linux"}, "-test", "./...") }

// listed is what go list says of a package.
type listed struct {
	Dir      string
	Standard bool
	Module   *struct {
		Path, Version, Dir string
		Main               bool
	}
}

func list(dir string, systems []string, args ...string) ([]Module, error) {
	std, err := goItself(dir)
	if err != nil {
		return nil, err
	}
	found := map[string]*Module{"std": &std}
	seen := map[string]bool{}
	for _, system := range systems {
		packages, err := goList(dir, system, args)
		if err != nil {
			return nil, err
		}
		for _, p := range packages {
			if err := add(found, seen, p); err != nil {
				return nil, err
			}
		}
	}
	var modules []Module
	for _, path := range slices.Sorted(maps.Keys(found)) {
		m := *found[path]
		for _, text := range m.Texts {
			m.Licences = append(m.Licences, Identify(text.Words)...)
		}
		slices.Sort(m.Licences)
		m.Licences = slices.Compact(m.Licences)
		modules = append(modules, m)
	}
	return modules, nil
}

func goList(dir, system string, args []string) ([]listed, error) {
	command := exec.Command("go", append([]string{"list", "-deps", "-json=Dir,Standard,Module"}, args...)...)
	command.Dir = dir
	command.Env = append(os.Environ(), "GOOS="+system, "GOARCH=amd64", "CGO_ENABLED=0")
	var said bytes.Buffer
	command.Stderr = &said
	out, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("go list for %s: %w: %s", system, err, said.String())
	}
	var packages []listed
	decoder := json.NewDecoder(bytes.NewReader(out))
	for {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages, nil
		} else if err != nil {
			return nil, fmt.Errorf("read what go list says: %w", err)
		}
		packages = append(packages, p)
	}
}

// goItself is the standard library with what it has taken over from elsewhere,
// all under one licence.
func goItself(dir string) (Module, error) {
	command := exec.Command("go", "env", "GOROOT")
	command.Dir = dir
	out, err := command.Output()
	if err != nil {
		return Module{}, fmt.Errorf("go env: %w", err)
	}
	top := strings.TrimSpace(string(out))
	texts, err := textsIn(top, top)
	return Module{Path: "std", Texts: texts}, err
}

// add takes what lies in the folder of a package, and in those above it as far as
// its module goes: parts of a module may come from elsewhere.
func add(found map[string]*Module, seen map[string]bool, p listed) error {
	if p.Standard || p.Module == nil || p.Module.Main {
		return nil
	}
	path, top := p.Module.Path, p.Module.Dir
	if found[path] == nil {
		found[path] = &Module{Path: path, Version: p.Module.Version}
	}
	for dir := p.Dir; strings.HasPrefix(dir, top) && !seen[dir]; dir = filepath.Dir(dir) {
		seen[dir] = true
		texts, err := textsIn(dir, top)
		if err != nil {
			return err
		}
		found[path].Texts = append(found[path].Texts, texts...)
	}
	slices.SortFunc(found[path].Texts, func(a, b Text) int { return strings.Compare(a.Name, b.Name) })
	return nil
}

// textsIn gives the licences and notices of one folder, named from the top.
func textsIn(dir, top string) ([]Text, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	named := regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice)([-.]\w+)*$`)
	var texts []Text
	for _, entry := range entries {
		if entry.IsDir() || !named.MatchString(entry.Name()) || strings.HasSuffix(entry.Name(), ".go") {
			continue
		}
		words, err := os.ReadFile(filepath.Join(dir, entry.Name()))
		if err != nil {
			return nil, err
		}
		name, err := filepath.Rel(top, filepath.Join(dir, entry.Name()))
		if err != nil {
			return nil, err
		}
		texts = append(texts, Text{filepath.ToSlash(name), strings.ReplaceAll(string(words), "\r\n", "\n")})
	}
	return texts, nil
}
