package architecture

import (
	"bytes"
	"flag"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"text/template"
)

var update = flag.Bool("update", false, "write docs/layout.md instead of comparing with it")

// page is what docs/layout.md is made of.
type page struct {
	Floors    []string
	Rooms     []roomRow
	Strangers []stranger
	Support   []roomRow
	Depth     int
	Chain     string
	Packages  int
	MostFiles int
	Files     spread
	Funcs     spread
	Budget    map[string]int
}

// roomRow is a room in the table: what it is, and whom it imports.
type roomRow struct{ Name, About, Imports string }

// docs/layout.md is drawn from the code, to the byte.
func TestDocsLayout(t *testing.T) {
	t.Parallel()
	all := sources(t)
	var text bytes.Buffer
	if err := template.Must(template.ParseFiles("layout.md.tmpl")).Execute(&text, layout(t, all)); err != nil {
		t.Fatal(err)
	}
	const name = "docs/layout.md"
	if *update {
		if err := os.WriteFile(filepath.Join(top, name), text.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if read(t, name) != text.String() {
		t.Errorf("%s is not current: run make docs", name)
	}
}

func layout(t *testing.T, all []source) page {
	t.Helper()
	h := survey(all)
	p := page{Strangers: strangers(), Packages: len(h.files), Support: supportRows(all), Budget: map[string]int{
		"FileMedian": maxFileMedian, "FileP90": maxFileP90, "File": maxFile, "FuncP90": maxFuncP90, "Func": maxFunc, "Files": maxFiles, "Depth": maxDepth,
	}}
	for floor := range floors() {
		var names []string
		for _, name := range h.roomsOn(floor) {
			names = append(names, path.Base(name))
			if h.about[name] == "" {
				t.Errorf("%s: its package comment says nothing", name)
			}
			p.Rooms = append(p.Rooms, roomRow{name, h.about[name], strings.Join(bases(h.arrowsFrom(name)), ", ")})
		}
		if len(names) > 0 {
			p.Floors = append(p.Floors, strings.Join(names, "   "))
		}
	}
	chain := h.chain(path.Dir(process))
	p.Depth, p.Chain = len(chain)-1, strings.Join(bases(chain), " → ")
	for _, n := range h.files {
		p.MostFiles = max(p.MostFiles, n)
	}
	files, funcs := sizes(t, all)
	p.Files, p.Funcs = files.rounded(10), funcs.rounded(5)
	return p
}

// bases gives the last part of each path.
func bases(names []string) []string {
	names = slices.Clone(names)
	for i := range names {
		names[i] = path.Base(names[i])
	}
	return names
}

// supportRows lists the packages that only tests import.
func supportRows(all []source) (rows []roomRow) {
	for _, s := range all {
		if about := synopsis(s); s.support && !s.test && about != "" {
			rows = append(rows, roomRow{Name: path.Dir(s.path), About: about})
		}
	}
	return rows
}

// rounded rounds up, so that the page stays true when a line is added.
func (s spread) rounded(to int) spread {
	up := func(n int) int { return (n + to - 1) / to * to }
	return spread{up(s.Count), up(s.Median), up(s.P90), up(s.Most)}
}
