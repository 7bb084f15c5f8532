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

// link leads to a file or a folder, from the page's own folder; to a heading of it if
// there is a fragment.
type link struct{ target, fragment string }

// links are those of a page that stay within the tree.
func links(page string) (all []link) {
	for _, m := range regexp.MustCompile(`\]\(([^)#:\s]*)(?:#([^)\s]*))?\)`).FindAllStringSubmatch(page, -1) {
		all = append(all, link{m[1], m[2]})
	}
	return all
}

// fragments are what leads to the headings of a page, as GitHub spells them.
func fragments(page string) map[string]bool {
	all := map[string]bool{}
	page = regexp.MustCompile("(?ms)^```.*?^```$").ReplaceAllString(page, "")
	for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(page, -1) {
		letters := regexp.MustCompile(`[^\pL\pN_ -]`).ReplaceAllString(strings.ToLower(m[1]), "")
		all[strings.ReplaceAll(letters, " ", "-")] = true
	}
	return all
}

// Every link leads to a file or a folder that is there, and to a heading that the page
// has.
func TestLinksLeadSomewhere(t *testing.T) {
	t.Parallel()
	seen, inside := 0, 0
	pages := written(t)
	for name, page := range pages {
		for _, l := range links(page) {
			seen++
			path := filepath.Join(filepath.Dir(name), l.target)
			if l.target == "" {
				path = name
			}
			if _, err := os.Stat(filepath.Join("../..", path)); err != nil {
				t.Errorf("%s: there is no %s", name, l.target)
			}
			if to, here := pages[filepath.ToSlash(path)]; here && l.fragment != "" {
				inside++
				if !fragments(to)[l.fragment] {
					t.Errorf("%s: %s has no heading %s", name, path, l.fragment)
				}
			}
		}
	}
	if seen < 50 || inside < 5 {
		t.Errorf("only %d links were seen, %d to headings", seen, inside)
	}
}

// docs/index.md is the map of all pages.
func TestIndexHasEveryPage(t *testing.T) {
	t.Parallel()
	pages := written(t)
	linked := map[string]bool{"docs/index.md": true}
	for _, l := range links(pages["docs/index.md"]) {
		linked[filepath.ToSlash(filepath.Join("docs", l.target))] = true
	}
	for name := range pages {
		if filepath.ToSlash(filepath.Dir(name)) == "docs" && !linked[name] {
			t.Errorf("docs/index.md does not lead to %s", name)
		}
	}
}

// Every file or folder of the sources that a page names is there.
func TestPathsLeadSomewhere(t *testing.T) {
	t.Parallel()
	seen := 0
	for name, page := range written(t) {
		for _, m := range regexp.MustCompile("`((?:cmd|internal|scripts|docs)/[a-zA-Z0-9_./-]+)`").FindAllStringSubmatch(page, -1) {
			seen++
			if _, err := os.Stat(filepath.Join("../..", m[1])); err != nil {
				t.Errorf("%s: there is no %s", name, m[1])
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d paths were seen", seen)
	}
}
