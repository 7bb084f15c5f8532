package pages

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// written are the pages that people wrote or that come from templates, by their
// path from the top of the tree. Those of the commands are left out: cobra makes
// them and their links; and what others wrote and tools left here.
func written(t *testing.T) map[string]string {
	t.Helper()
	const top = "../.."
	found := map[string]string{}
	err := filepath.WalkDir(top, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != top && (entry.Name() == "cli" || entry.Name() == "dist" || strings.HasPrefix(entry.Name(), ".")):
			return filepath.SkipDir
		case strings.HasSuffix(path, ".md"):
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			relative, err := filepath.Rel(top, path)
			found[filepath.ToSlash(relative)] = string(text)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found) < 20 {
		t.Fatalf("only %d pages were found", len(found))
	}
	return found
}

// links are the places within the tree that a page leads to, from the page's own
// folder.
func links(page string) (targets []string) {
	for _, m := range regexp.MustCompile(`\]\(([^)#:\s]+)(#[^)]*)?\)`).FindAllStringSubmatch(page, -1) {
		targets = append(targets, m[1])
	}
	return targets
}

// Every link leads to a file or a folder that is there.
func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	seen := 0
	for name, page := range written(t) {
		for _, target := range links(page) {
			seen++
			if _, err := os.Stat(filepath.Join("../..", filepath.Dir(name), target)); err != nil {
				t.Errorf("%s: there is no %s", name, target)
			}
		}
	}
	if seen < 50 {
		t.Errorf("only %d links were seen", seen)
	}
}

// docs/index.md is the map of all pages.
func TestIndexHasEveryPage(t *testing.T) {
	t.Parallel()
	pages := written(t)
	linked := map[string]bool{"docs/index.md": true}
	for _, target := range links(pages["docs/index.md"]) {
		linked[filepath.ToSlash(filepath.Join("docs", target))] = true
	}
	for name := range pages {
		if filepath.ToSlash(filepath.Dir(name)) == "docs" && !linked[name] {
			t.Errorf("docs/index.md does not lead to %s", name)
		}
	}
}
