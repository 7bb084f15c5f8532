// Package yamltree reads YAML for those who want to know where a value stands:
// mappings with aliases and merge keys resolved, in bounded time.
package yamltree

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// limit bounds the pairs that merge keys make of one file: a few lines can stand
// for billions.
const limit = 100_000

// Pair is one key of a mapping with its value.
type Pair struct{ Key, Value *yaml.Node }

// Tree is one file's documents.
type Tree struct {
	Documents []*yaml.Node // what each holds, none for an empty one
	Doubled   []*yaml.Node // keys that stand in a mapping twice, of the mappings asked for

	fields  map[*yaml.Node]mapping
	open    map[*yaml.Node]bool
	merged  int
	problem *Problem
}

// Problem is why a text cannot be read, or not in full. It does not repeat the
// text.
type Problem struct {
	Line, Column  int // from 1
	Message, Hint string
}

// Read reads every document of a file.
func Read(text []byte) (*Tree, *Problem) {
	t := &Tree{fields: map[*yaml.Node]mapping{}, open: map[*yaml.Node]bool{}}
	stream := yaml.NewDecoder(bytes.NewReader(text))
	for {
		var document yaml.Node
		err := stream.Decode(&document)
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return nil, &Problem{Line: lineOf(err), Column: 1, Message: "not YAML, here or further down"}
		}
		if len(document.Content) == 1 {
			t.Documents = append(t.Documents, document.Content[0])
			if problem := t.bounded(document.Content[0]); problem != nil {
				return nil, problem
			}
		}
	}
}

// lineOf takes the line out of the parser's message, whose rest may repeat text.
func lineOf(err error) int {
	_, after, _ := strings.Cut(err.Error(), "line ")
	digits, _, _ := strings.Cut(after, ":")
	if n, err := strconv.Atoi(digits); err == nil {
		return n
	}
	return 1
}

// Problem is why the tree could not be read in full: merge keys that stand for
// too much. Ask when done.
func (t *Tree) Problem() *Problem { return t.problem }

// Fields are a mapping's pairs in the order of the file, those of merged mappings
// (<<) first; of keys that stand there twice the one that counts.
func (t *Tree) Fields(n *yaml.Node) []Pair {
	n = Resolved(n)
	known := t.mapping(n)
	if len(known.doubled) > 0 {
		t.Doubled = append(t.Doubled, known.doubled...)
		t.fields[n] = mapping{list: known.list} // noted once
	}
	return known.list
}

// mapping is what a mapping holds.
type mapping struct {
	list    []Pair
	doubled []*yaml.Node // keys that stand there twice
}

func (t *Tree) mapping(n *yaml.Node) mapping {
	if n == nil || n.Kind != yaml.MappingNode || t.open[n] {
		return mapping{}
	}
	if known, ok := t.fields[n]; ok {
		return known
	}
	t.open[n] = true
	defer delete(t.open, n)
	all := pairs{at: map[string]int{}}
	var doubled []*yaml.Node
	own := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if key := spelled(n.Content[i]); key.Tag == "!!merge" {
			t.merge(&all, Resolved(n.Content[i+1]))
		} else if own[key.Value] {
			doubled = append(doubled, key)
		} else {
			own[key.Value] = true
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Tag != "!!merge" {
			all.put(Pair{spelled(n.Content[i]), Resolved(n.Content[i+1])}, true)
		}
	}
	t.fields[n] = mapping{all.list, doubled}
	return t.fields[n]
}

// spelled is a key, where it is an alias of a text with what that stands for.
func spelled(key *yaml.Node) *yaml.Node {
	stands := Resolved(key)
	if key.Kind != yaml.AliasNode || stands.Kind != yaml.ScalarNode {
		return key
	}
	full := *stands
	full.Line, full.Column = key.Line, key.Column
	return &full
}

// merge adds the pairs of a merged mapping, or of several, of which the first
// counts.
func (t *Tree) merge(into *pairs, from *yaml.Node) {
	sources := []*yaml.Node{from}
	if from != nil && from.Kind == yaml.SequenceNode {
		sources = from.Content
	}
	for _, source := range sources {
		for _, p := range t.mapping(Resolved(source)).list {
			if t.merged++; t.merged > limit {
				if t.problem == nil {
					t.problem = &Problem{from.Line, from.Column, "merge keys (<<) stand for more than " + strconv.Itoa(limit) + " pairs here", "write them out"}
				}
				return
			}
			into.put(p, false)
		}
	}
}

// pairs are those of one mapping, each key once.
type pairs struct {
	list []Pair
	at   map[string]int
}

func (p *pairs) put(one Pair, replace bool) {
	at, known := p.at[one.Key.Value]
	switch {
	case !known:
		p.at[one.Key.Value] = len(p.list)
		p.list = append(p.list, one)
	case replace:
		p.list[at] = one
	}
}

// Field is the value of a mapping's key, nil where there is none.
func (t *Tree) Field(mapping *yaml.Node, key string) *yaml.Node {
	for _, p := range t.Fields(mapping) {
		if p.Key.Value == key {
			return p.Value
		}
	}
	return nil
}

// At follows keys from a mapping down, nil where one is missing.
func (t *Tree) At(mapping *yaml.Node, keys ...string) *yaml.Node {
	for _, key := range keys {
		mapping = t.Field(mapping, key)
	}
	return mapping
}

// Text is the scalar at the end of keys, "" where there is none.
func (t *Tree) Text(mapping *yaml.Node, keys ...string) string {
	if n := t.At(mapping, keys...); n != nil && n.Kind == yaml.ScalarNode && !Null(n) {
		return n.Value
	}
	return ""
}

// Items are the members of a sequence, aliases resolved.
func Items(sequence *yaml.Node) []*yaml.Node {
	sequence = Resolved(sequence)
	if sequence == nil || sequence.Kind != yaml.SequenceNode {
		return nil
	}
	all := make([]*yaml.Node, 0, len(sequence.Content))
	for _, n := range sequence.Content {
		if n = Resolved(n); n != nil {
			all = append(all, n)
		}
	}
	return all
}

// Null reports whether a node is none, or says so.
func Null(n *yaml.Node) bool { return n == nil || n.Tag == "!!null" }

// Resolved follows aliases.
func Resolved(n *yaml.Node) *yaml.Node {
	for n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}
