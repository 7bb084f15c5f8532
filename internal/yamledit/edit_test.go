package yamledit

import (
	"errors"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
)

func testFormat() Format { return Format{Kind: "list", MaxSize: 1 << 20, IfEmpty: "write one"} }

// people is a document's meaning: a title, how many there may be, and who there is.
type people struct {
	title string
	most  string // "" goes unsaid
	open  bool
	names []string
	anew  bool
}

func (p people) value() Map {
	list := Sequence{Anew: p.anew}
	for _, name := range p.names {
		list.Items = append(list.Items, Item{ID: name, Map: Map{Fields: []Entry{{Name: "name", Value: Text(name)}}}})
	}
	m := Map{Fields: []Entry{
		{Name: "title", Value: Text(p.title)},
		{Name: "people", Value: list},
		{Name: "most"},
		{Name: "open", Unset: "false"},
	}}
	if p.most != "" {
		m.Fields[2].Value = Literal(p.most)
	}
	if p.open {
		m.Fields[3].Value = Literal("true")
	}
	return m
}

func TestEdit(t *testing.T) {
	t.Parallel()
	ab := people{title: "t", names: []string{"a", "b"}}
	for _, c := range []struct {
		name          string
		have, want    people
		before, after string
	}{
		{"nothing", ab, ab, "title:  t # x\npeople: [{name: a}, {name: b}]\n", "title:  t # x\npeople: [{name: a}, {name: b}]\n"},
		{
			"a text in its quotes", ab,
			people{title: "it's", names: ab.names},
			"title: 't' # x\npeople: [{name: a}, {name: b}]\n", "title: 'it''s' # x\npeople: [{name: a}, {name: b}]\n",
		},
		{
			"one line before several",
			people{title: "t"},
			people{title: "t", most: "9", names: []string{"a"}},
			"title: t\n", "title: t\nmost: 9\npeople:\n  - name: a\n",
		},
		{
			"a field goes with its own comments",
			people{title: "t", most: "9"},
			people{title: "t"},
			"people: []\n# far\n\n# own\nmost: 9 # own\n  # own\n# below\ntitle: t\n", "people: []\n# far\n\n# below\ntitle: t\n",
		},
		{"what goes unsaid is said", people{title: "t", open: true}, people{title: "t"}, "{title: t, people: [], open: true}\n", "{title: t, people: [], open: false}\n"},
		{
			"one comes and one goes", ab,
			people{title: "t", names: []string{"b", "c"}},
			"title: t\npeople:\n- name: a\n# b's\n- name: b\n", "title: t\npeople:\n# b's\n- name: b\n- name: c\n",
		},
		{
			"all go and one comes", ab,
			people{title: "t", names: []string{"c"}},
			"title: t\npeople: # of them\n  -   name: a\n  -   name: b", "title: t\npeople: # of them\n  -   name: c",
		},
		{
			"many go from brackets",
			people{title: "t", names: []string{"a", "b", "c", "d", "e"}},
			people{title: "t", names: []string{"b"}},
			"{title: t, people: [{name: a}, {name: b}, {name: c}, {name: d}, {name: e}]}\n", "{title: t, people: [{name: b}]}\n",
		},
		{
			"many go from lines in brackets",
			people{title: "t", names: []string{"a", "b", "c", "d"}},
			people{title: "t", names: []string{"b"}},
			"title: t\npeople: [\n  {name: a}, # a\n  {name: b}, # b\n  # c\n  {name: c},\n  {name: d}, # d\n]\n", "title: t\npeople: [\n  {name: b}, # b\n]\n",
		},
		{
			"all anew",
			people{title: "t", names: []string{"a", "b"}, anew: true},
			people{title: "t", names: []string{"b", "a"}, anew: true},
			"title: t\npeople:\n  - name: a # x\n  - name: b\n", "title: t\npeople:\n  - name: b\n  - name: a\n",
		},
	} {
		d, problems := Parse([]byte(c.before), testFormat())
		if len(problems) > 0 {
			t.Fatalf("%s: %v", c.name, problems)
		}
		got, ok := d.Edit(c.have.value(), c.want.value())
		if !ok || string(got) != c.after {
			t.Errorf("%s: got %t\n%s\nwant\n%s", c.name, ok, got, c.after)
		}
		if string(d.Bytes()) != c.before {
			t.Errorf("%s: the document changed", c.name)
		}
	}
}

// Exact is held against the text, whatever the document is known to say.
func TestExactIsHeldAgainstTheText(t *testing.T) {
	t.Parallel()
	d, _ := Parse([]byte("a: 'x' # y\n"), testFormat())
	said := Map{Fields: []Entry{{Name: "a", Value: Exact("x")}}}
	if got, ok := d.Edit(said, said); !ok || string(got) != "a: x # y\n" {
		t.Errorf("got %s", got)
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	format := testFormat()
	format.CheckSpelled = func(value string) error {
		if value == "AB" {
			return errors.New("AB is spelled")
		}
		return nil
	}
	for text, want := range map[string]string{
		"":                           "the file is empty",
		"a: &b c\n":                  "an anchor stands here; a list has none",
		"a: b\n---\n":                "a second document starts here; a list is one",
		"a: \"\\x41B\"\n":            "AB is spelled",
		strings.Repeat("#", 1<<20+1): "too large for a list",
	} {
		d, problems := Parse([]byte(text), format)
		if d != nil || len(problems) != 1 || !strings.Contains(problems[0].Err.Error(), want) || problems[0].Line < 1 {
			t.Errorf("%.20q: got %v, want %q", text, problems, want)
		}
	}
	if _, problems := Parse(nil, format); fault.HintOf(problems[0].Err) != "write one" {
		t.Errorf("got %v", problems)
	}
	if _, problems := Parse([]byte("a: AB\n"), format); len(problems) > 0 {
		t.Errorf("what stands in the text as it is is not the reader's to judge: %v", problems)
	}
}
