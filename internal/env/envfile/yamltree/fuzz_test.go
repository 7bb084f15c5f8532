package yamltree_test

import (
	"fmt"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/latch-keys/latch/internal/env/envfile/yamltree"
)

// FuzzTree: whatever a file holds, it is read in bounded time, each key has its place,
// and mappings hold what the YAML library decodes them to.
func FuzzTree(f *testing.F) {
	for _, text := range []string{
		"{a: b, c: d}", "x: &x {a: 1, b: 2}\nm: {<<: *x, b: 3}", "a: &a [*a]", "a: &a {b: *a}", "? &k a\n: b\nm: {*k : c}",
		"--- a\n--- {b: c}\n", "a: !!binary eA==\n", "m: {<<: [{a: 1}, {a: 2}], <<: {b: 3}}", "a: !reset\nb: ~\n", "\ta: b",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tree, problem := yamltree.Read([]byte(text))
		lines := strings.Count(text, "\n") + strings.Count(text, "\r") + strings.Count(text, "\u0085") + strings.Count(text, "\u2028") + strings.Count(text, "\u2029") + 2
		if problem != nil {
			if problem.Line < 1 || problem.Line > lines || problem.Column < 1 {
				t.Fatalf("%+v in %d lines", problem, lines)
			}
			return
		}
		var want map[string]any
		err := yaml.Unmarshal([]byte(text), &want)
		for i, root := range tree.Documents {
			w := walk{tree, map[*yaml.Node]bool{}, lines, true}
			got := w.plain(t, root, 0)
			if i == 0 && len(tree.Documents) == 1 && err == nil && w.comparable && root.Kind == yaml.MappingNode && fmt.Sprint(got) != fmt.Sprint(any(want)) {
				t.Fatalf("%q: read %v, want %v", text, got, want)
			}
		}
	})
}

// walk goes through a tree as those who read it do.
type walk struct {
	tree       *yamltree.Tree
	open       map[*yaml.Node]bool
	lines      int
	comparable bool // the library spells it alike
}

func (w *walk) plain(t *testing.T, n *yaml.Node, depth int) any {
	if n = yamltree.Resolved(n); n == nil || w.open[n] || depth > 30 {
		w.comparable = false
		return nil
	}
	w.open[n] = true
	defer delete(w.open, n)
	switch n.Kind {
	case yaml.MappingNode:
		all := map[string]any{}
		for _, p := range w.tree.Fields(n) {
			if p.Key.Line < 1 || p.Key.Line > w.lines || p.Key.Column < 1 {
				t.Fatalf("key %q on line %d of %d", p.Key.Value, p.Key.Line, w.lines)
			}
			if p.Key.Kind != yaml.ScalarNode || p.Key.Tag != "!!str" {
				w.comparable = false
			}
			all[p.Key.Value] = w.plain(t, p.Value, depth+1)
		}
		return all
	case yaml.SequenceNode:
		all := []any{}
		for _, item := range yamltree.Items(n) {
			all = append(all, w.plain(t, item, depth+1))
		}
		return all
	}
	var value any
	if err := n.Decode(&value); err != nil {
		w.comparable = false
	}
	return value
}
