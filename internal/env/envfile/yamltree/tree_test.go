package yamltree_test

import (
	"fmt"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/latch-keys/latch/internal/env/envfile/yamltree"
)

func read(t *testing.T, text string) *yamltree.Tree {
	t.Helper()
	tree, err := yamltree.Read([]byte(text))
	if err != nil || len(tree.Documents) == 0 {
		t.Fatalf("%q: %v", text, err)
	}
	return tree
}

// What a mapping holds is what the YAML library decodes it to.
func TestFieldsAreTheLibrarys(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"{a: b, c: d}", "x: &x {a: 1, b: 2}\nm: {<<: *x, b: 3}", "x: &x {a: 1}\ny: &y {a: 2, c: 3}\nm: {<<: [*x, *y], d: 4}",
		"x: &x {a: 1}\nm: {a: 5, <<: *x}", "x: &x {a: 1}\ny: &y {<<: *x, b: 1}\nm: &m {<<: *y}\nn: *m",
		"x: &k a\nm: {*k : c}",
	} {
		tree := read(t, text)
		var want map[string]any
		if err := yaml.Unmarshal([]byte(text), &want); err != nil {
			t.Fatal(err)
		}
		got := map[string]any{}
		for _, p := range tree.Fields(tree.Documents[0]) {
			got[p.Key.Value] = plain(t, tree, p.Value)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) || tree.Problem() != nil {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func plain(t *testing.T, tree *yamltree.Tree, n *yaml.Node) any {
	t.Helper()
	if n.Kind != yaml.MappingNode {
		var value any
		if err := n.Decode(&value); err != nil {
			t.Fatal(err)
		}
		return value
	}
	all := map[string]any{}
	for _, p := range tree.Fields(n) {
		all[p.Key.Value] = plain(t, tree, p.Value)
	}
	return all
}

func TestKeysThatStandTwiceAreNoted(t *testing.T) {
	t.Parallel()
	tree := read(t, "a: 1\nb: 2\na: 3\n")
	tree.Fields(tree.Documents[0])
	if len(tree.Doubled) != 1 || tree.Doubled[0].Line != 3 || tree.Text(tree.Documents[0], "a") != "3" {
		t.Errorf("%v", tree.Doubled)
	}
}

// Merge keys that stand for too much end in an error that says where.
func TestMergeKeysAreBounded(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	text.WriteString("x0: &x0 {k0: v}\n")
	for i := 1; i < 1000; i++ {
		fmt.Fprintf(&text, "x%d: &x%d {<<: *x%d, k%d: v}\n", i, i, i-1, i)
	}
	tree := read(t, text.String())
	for _, p := range tree.Fields(tree.Documents[0]) {
		tree.Fields(p.Value)
	}
	if p := tree.Problem(); p == nil || !strings.Contains(p.Message, "more than 100000") || p.Line < 2 {
		t.Errorf("%v", p)
	}
}

// Aliases that stand for too much, or for themselves, end in an error that says where.
func TestAliasesAreBounded(t *testing.T) {
	t.Parallel()
	many := func(count int, each string) string {
		var text strings.Builder
		for i := range count {
			fmt.Fprintf(&text, each, i)
		}
		return text.String()
	}
	e := "e: &e {" + many(2000, "K%d: v, ") + "}\n"
	doubling := "x0: &x0 [a, b]\n" + many(60, "x%[1]d_: &y%[1]d [*x%[1]d, *x%[1]d]\n")
	for i := range 60 {
		doubling = strings.Replace(doubling, fmt.Sprintf("&y%d ", i), fmt.Sprintf("&x%d ", i+1), 1)
	}
	for name, c := range map[string]struct{ text, want string }{
		"within itself":      {"a: &a [b, *a]\n", "within what it stands for"},
		"within, further":    {"a: &a {b: {c: [*a]}}\n", "within what it stands for"},
		"as a key of itself": {"a: &a {*a : b}\n", "within what it stands for"},
		"many times":         {e + many(2000, "s%d: {environment: *e}\n"), "more than 1000000 values"},
		"merged many times":  {"s: &s {" + strings.TrimSuffix(e, "\n") + "}\n" + many(2000, "s%d: {<<: *s}\n"), "more than 1000000 values"},
		"doubling":           {doubling, "more than 1000000 values"},
		"as usual":           {e + many(100, "s%d: {environment: *e}\n"), ""},
		"merges itself":      {"a: &a {b: c, <<: *a}\n", ""},
	} {
		tree, problem := yamltree.Read([]byte(c.text))
		switch {
		case c.want == "" && (problem != nil || tree == nil):
			t.Errorf("%s: %+v", name, problem)
		case c.want != "" && (problem == nil || !strings.Contains(problem.Message, c.want) || problem.Line < 1 || problem.Column < 1 || problem.Hint == ""):
			t.Errorf("%s: %+v, want %q", name, problem, c.want)
		}
	}
}
