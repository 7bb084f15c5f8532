package pages

import (
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// tests are the names of the tests, fuzz targets and benchmarks, by the folder of their
// package from the top of the tree.
func tests(t *testing.T) map[string][]string {
	t.Helper()
	found, declared := map[string][]string{}, regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark)\w+)\(`)
	top := os.DirFS("../..")
	for _, folder := range []string{"cmd", "internal"} {
		err := fs.WalkDir(top, folder, func(name string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(name, "_test.go") {
				return err
			}
			text, err := fs.ReadFile(top, name)
			for _, m := range declared.FindAllStringSubmatch(string(text), -1) {
				found[path.Dir(name)] = append(found[path.Dir(name)], m[1])
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return found
}

// The tests that a page names exist; a star stands for any ending.
func TestPagesNameTestsThatExist(t *testing.T) {
	t.Parallel()
	all := slices.Concat(slices.Collect(maps.Values(tests(t)))...)
	named := 0
	for page, text := range written(t) {
		for _, m := range regexp.MustCompile("`((?:Test|Fuzz|Benchmark)[A-Z]\\w*)(\\*?)(?:/\\w+)?`").FindAllStringSubmatch(text, -1) {
			named++
			if !slices.ContainsFunc(all, func(name string) bool { return name == m[1] || m[2] != "" && strings.HasPrefix(name, m[1]) }) {
				t.Errorf("%s names %s, which is gone", page, m[1])
			}
		}
	}
	if named < 100 {
		t.Errorf("only %d names were seen", named)
	}
}

// What a page tells to type in order to run tests or a benchmark runs some: each
// package has tests, and one of them what -run and -bench ask for.
func TestPagesRunTestsThatExist(t *testing.T) {
	t.Parallel()
	all := tests(t)
	seen := 0
	for page, text := range written(t) {
		for _, m := range regexp.MustCompile("`go test ([^`]+)`").FindAllStringSubmatch(text, -1) {
			seen++
			words := strings.Fields(strings.ReplaceAll(m[1], "'", ""))
			var chosen []string
			for _, word := range words {
				if strings.HasPrefix(word, "./") {
					inside := within(all, path.Clean(word))
					if len(inside) == 0 {
						t.Errorf("%s: go test %s: %s has no tests", page, m[1], word)
					}
					chosen = append(chosen, inside...)
				}
			}
			for flag, kind := range map[string]string{"-run": "Test", "-bench": "Benchmark"} {
				at := slices.Index(words, flag)
				if at >= 0 && words[at+1] != "^$" && !slices.ContainsFunc(chosen, asked(kind, words[at+1])) {
					t.Errorf("%s: go test %s: nothing fits %s", page, m[1], words[at+1])
				}
			}
		}
	}
	if seen < 15 {
		t.Errorf("only %d commands were seen", seen)
	}
}

// within are the tests of a package, and of those below it where its name ends in "...".
func within(all map[string][]string, pattern string) (names []string) {
	above, below := strings.CutSuffix(pattern, "/...")
	for folder, inside := range all {
		if folder == pattern || below && strings.HasPrefix(folder+"/", above+"/") {
			names = append(names, inside...)
		}
	}
	return names
}

// asked tells whether a flag of go test with this pattern runs a test of its kind.
func asked(kind, pattern string) func(name string) bool {
	fits := regexp.MustCompile(pattern)
	return func(name string) bool { return strings.HasPrefix(name, kind) && fits.MatchString(name) }
}

// What a page tells make to do is a target of it.
func TestPagesNameTargetsThatExist(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for page, text := range written(t) {
		for _, m := range regexp.MustCompile("`make\\s+([a-z-]+)").FindAllStringSubmatch(text, -1) {
			seen++
			if !strings.Contains(string(makefile), "\n"+m[1]+": ") {
				t.Errorf("%s: there is no make %s", page, m[1])
			}
		}
	}
	if seen < 30 {
		t.Errorf("only %d targets were seen", seen)
	}
}
