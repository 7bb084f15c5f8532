package lattice

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// fields is a mapping under decoding: its values by name. Whatever is wrong with
// it goes to the decoder.
type fields struct {
	decoder *decoder
	node    *yaml.Node
	path    string // of the mapping, empty for the root
	values  map[string]*yaml.Node
}

// item is one element of a list.
type item struct {
	node *yaml.Node
	path string
}

// fields reads a mapping of which only the known fields may be set, each once.
func (d *decoder) fields(n *yaml.Node, path string, known ...string) *fields {
	f := &fields{decoder: d, node: n, path: path, values: map[string]*yaml.Node{}}
	if n.Kind != yaml.MappingNode {
		d.fail(n, RuleField, path, fmt.Errorf("must hold fields (name: value), not %s", describe(n)))
		f.values = nil
		return f
	}
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		switch _, twice := f.values[key.Value]; {
		case !slices.Contains(known, key.Value):
			d.fail(key, RuleField, path, unknownField(key.Value, known))
		case twice:
			d.fail(key, RuleField, path, fmt.Errorf("%s stands here a second time", key.Value))
		default:
			f.values[key.Value] = n.Content[i+1]
		}
	}
	return f
}

func unknownField(name string, known []string) error {
	hint := "the fields here are " + strings.Join(known, ", ")
	return refuse(nil, hint, "unknown field %s%s", shown(name), suggest(name, known))
}

// require reports the fields that are missing.
func (f *fields) require(names ...string) {
	for _, name := range names {
		if f.values != nil && f.values[name] == nil {
			f.decoder.fail(f.node, RuleField, f.path, fmt.Errorf("%s is missing", name))
		}
	}
}

func (f *fields) pathOf(name string) string {
	if f.path == "" {
		return name
	}
	return f.path + "." + name
}

// items are the elements of a list, none if the field is not set.
func (f *fields) items(name string) []item {
	n := f.values[name]
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		err := fmt.Errorf("must be a list, not %s", describe(n))
		if n.Tag == "!!null" {
			err = refuse(nil, "write "+name+": []", "must be a list, not nothing")
		}
		f.decoder.fail(n, RuleField, f.pathOf(name), err)
		return nil
	}
	all := make([]item, len(n.Content))
	for i, node := range n.Content {
		all[i] = item{node, fmt.Sprintf("%s[%d]", f.pathOf(name), i)}
	}
	return all
}

// read decodes a scalar field; the zero value stands for one that is not set or
// is wrong.
func read[T any](f *fields, name string, rule Rule, accepts scalar, parse func(string) (T, error)) T {
	var none T
	n := f.values[name]
	if n == nil {
		return none
	}
	if err := accepts(n); err != nil {
		f.decoder.fail(n, RuleField, f.pathOf(name), err)
		return none
	}
	got, err := parse(n.Value)
	if err != nil {
		f.decoder.fail(n, rule, f.pathOf(name), err)
		return none
	}
	return got
}

// checked makes a parser of a judgement.
func checked(check func(string) error) func(string) (string, error) {
	return func(text string) (string, error) { return text, check(text) }
}

// scalar judges the type of a node.
type scalar func(*yaml.Node) error

func text(n *yaml.Node) error {
	switch {
	case n.Kind == yaml.ScalarNode && n.Tag == "!!str":
		return nil
	case n.Kind == yaml.ScalarNode && n.Tag != "!!null":
		return refuse(nil, "put it in quotes", "must be a text, but YAML reads it as %s", describe(n))
	}
	return fmt.Errorf("must be a text, not %s", describe(n))
}

func wholeNumber(n *yaml.Node) error {
	digits := strings.Trim(n.Value, "0123456789") == "" && (n.Value == "0" || !strings.HasPrefix(n.Value, "0"))
	if n.Kind == yaml.ScalarNode && n.Style == 0 && n.Value != "" && digits {
		return nil
	}
	return fmt.Errorf("must be a whole number in plain digits, not %s", describe(n))
}

func timestamp(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!timestamp" {
		return nil
	}
	return text(n)
}

func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.Tag {
	case "!!null":
		return "nothing"
	case "!!bool":
		return "true or false"
	case "!!int", "!!float":
		return "a number"
	case "!!timestamp":
		return "a time"
	}
	return "a text"
}
