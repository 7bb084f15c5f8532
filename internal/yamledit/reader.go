package yamledit

import (
	"bytes"
	"errors"

	"go.yaml.in/yaml/v3"

	"github.com/latch-keys/latch/internal/fault"
)

// reader makes nodes with their places of what the YAML parser gives, and refuses
// the parts of YAML that make a file hard to read and to edit by splicing: anchors,
// aliases, tags, scalars of several lines, and keys that are anything but a word
// before a colon. After a problem, places mean nothing.
type reader struct {
	*Document
	problems []Problem
}

func (r *reader) refuse(offset int, err error) {
	r.problems = append(r.problems, r.problem(offset, err))
}

func (r *reader) node(n *yaml.Node) *Node {
	at := r.offset(n.Line, n.Column)
	line := r.lineStart(at)
	if line == 0 {
		line = r.start()
	}
	node := &Node{Tag: n.Tag, Value: n.Value, from: at, to: at, column: at - line, flow: n.Style&yaml.FlowStyle != 0}
	if err := r.foreignTo(n, at); err != nil {
		r.refuse(at, err)
		return node
	}
	switch n.Kind {
	case yaml.MappingNode:
		node.Kind = Mapping
		r.mapping(node, n)
	case yaml.SequenceNode:
		node.Kind = List
		node.Items = make([]*Node, len(n.Content))
		for i, item := range n.Content {
			node.Items[i] = r.node(item)
		}
		node.to = r.collectionEnd(node)
	default:
		r.scalar(node, n)
	}
	return node
}

// foreignTo finds what of YAML the documents have none of.
func (r *reader) foreignTo(n *yaml.Node, at int) error {
	var what string
	switch {
	case n.Kind == yaml.AliasNode:
		what = "an alias"
	case n.Anchor != "":
		what = "an anchor"
	case n.Style&yaml.TaggedStyle != 0 || r.starts(at, '!'):
		what = "a tag"
	default:
		return nil
	}
	return fault.New(fault.Failed, "%s stands here; a %s has none", what, r.format.Kind)
}

func (r *reader) starts(at int, char byte) bool { return at < len(r.text) && r.text[at] == char }

func (r *reader) scalar(node *Node, n *yaml.Node) {
	end, ok := r.scalarEnd(node.from, n)
	if !ok {
		r.refuse(node.from, errors.New("a value must stand on one line"))
		return
	}
	node.to, node.Plain = end, n.Style == 0
	if !node.Plain {
		node.quote = r.text[node.from]
	}
	if node.Plain || r.format.CheckSpelled == nil || string(r.text[node.from+1:node.to-1]) == n.Value {
		return
	}
	if err := r.format.CheckSpelled(n.Value); err != nil {
		r.refuse(node.from, err)
	}
}

func (r *reader) mapping(node *Node, n *yaml.Node) {
	if err := r.checkMapping(node, n); err != nil {
		r.refuse(node.from, err)
	}
	node.Fields = make([]Field, 0, len(n.Content)/2)
	for i := 0; i < len(n.Content); i += 2 {
		node.Fields = append(node.Fields, Field{r.node(n.Content[i]), r.node(n.Content[i+1])})
	}
	node.to = r.collectionEnd(node)
}

func (r *reader) checkMapping(node *Node, n *yaml.Node) error {
	if node.flow && !r.starts(node.from, '{') {
		return errors.New("a mapping within brackets needs braces of its own")
	}
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode {
			return errors.New("a field's name must be a single word")
		}
		if end, ok := r.scalarEnd(r.offset(key.Line, key.Column), key); ok && r.colon(end) < 0 {
			return fault.New(fault.Failed, "a colon must follow each field's name, on the same line").WithHint("write it as key: value")
		}
	}
	return nil
}

// collectionEnd is where a collection ends: with its last element in block style,
// after its bracket in flow style.
func (r *reader) collectionEnd(node *Node) int {
	end, filled := node.lastPlace()
	if !filled {
		end = node.from + 1
	}
	if !node.flow {
		return end
	}
	if end = r.skipFlowSpace(end); r.starts(end, ',') {
		end = r.skipFlowSpace(end + 1)
	}
	return min(end+1, len(r.text))
}

// scalarEnd is where a scalar ends, and whether it does so on its own line.
func (r *reader) scalarEnd(at int, n *yaml.Node) (end int, ok bool) {
	switch n.Style {
	case yaml.SingleQuotedStyle, yaml.DoubleQuotedStyle:
		return r.quotedEnd(at)
	case 0:
		return at + len(n.Value), bytes.HasPrefix(r.text[at:], []byte(n.Value))
	}
	return at, false
}

// quotedEnd is where the quoted scalar that starts at the offset ends.
func (s *source) quotedEnd(at int) (end int, ok bool) {
	if at >= len(s.text) {
		return at, false
	}
	quote := s.text[at]
	for i := at + 1; i < len(s.text) && s.text[i] != '\n'; i++ {
		switch {
		case quote == '"' && s.text[i] == '\\' && i+1 != s.lineEnd(i+1):
			i++
		case quote == '\'' && bytes.HasPrefix(s.text[i:], []byte("''")):
			i++
		case s.text[i] == quote:
			return i + 1, true
		}
	}
	return at, false
}

// colon is where the colon after a key that ends at the offset stands, or -1.
func (s *source) colon(end int) int {
	for ; end < len(s.text); end++ {
		switch s.text[end] {
		case ' ', '\t':
		case ':':
			return end
		default:
			return -1
		}
	}
	return -1
}

// skipFlowSpace is where the next token of a flow collection starts: past white
// space, line ends and comments.
func (s *source) skipFlowSpace(at int) int {
	for at < len(s.text) {
		switch s.text[at] {
		case ' ', '\t', '\r', '\n':
			at++
		case '#':
			at = s.lineEnd(at)
		default:
			return at
		}
	}
	return at
}
