package yamledit

// Kind is the kind of a node.
type Kind uint8

// The kinds of nodes.
const (
	Scalar Kind = iota
	Mapping
	List
)

// Node is a part of a document, and where it stands.
type Node struct {
	Kind   Kind
	Tag    string  // of a scalar, as YAML 1.1 resolves it: !!str, !!int, !!null…
	Value  string  // of a scalar, without quotes
	Plain  bool    // a scalar without quotes
	Fields []Field // of a mapping, in its order
	Items  []*Node // of a list

	flow     bool // a collection in brackets
	quote    byte // of a scalar; 0 where it is plain
	column   int  // where it starts in its line, from 0
	from, to int  // where it starts and ends in the text
}

// Field is one field of a mapping.
type Field struct{ Key, Value *Node }

// Get finds the value of a mapping's field, nil where there is none.
func (n *Node) Get(name string) *Node {
	if f := n.field(name); f != nil {
		return f.Value
	}
	return nil
}

func (n *Node) field(name string) *Field {
	if n == nil {
		return nil
	}
	for i := range n.Fields {
		if n.Fields[i].Key.Value == name {
			return &n.Fields[i]
		}
	}
	return nil
}

// IsText reports whether the node is a text to every reader of YAML 1.1.
func (n *Node) IsText() bool { return n.Kind == Scalar && n.Tag == "!!str" }

// IsNothing reports whether the node is a scalar that stands for no value.
func (n *Node) IsNothing() bool { return n.Kind == Scalar && n.Tag == "!!null" }

// Describe says what the node is, for messages: a mapping, a number, a time…
func (n *Node) Describe() string {
	switch n.Kind {
	case Mapping:
		return "a mapping"
	case List:
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

// lastPlace is where the last element of a collection ends, false for an empty one.
func (n *Node) lastPlace() (int, bool) {
	switch {
	case len(n.Items) > 0:
		return n.Items[len(n.Items)-1].to, true
	case len(n.Fields) > 0:
		return n.Fields[len(n.Fields)-1].Value.to, true
	}
	return 0, false
}

// elements are the parts of a collection as spans: items, or fields with their
// keys.
func (n *Node) elements() []span {
	all := make([]span, 0, len(n.Items)+len(n.Fields))
	for _, item := range n.Items {
		all = append(all, span{item.from, item.to})
	}
	for _, f := range n.Fields {
		all = append(all, span{f.Key.from, f.Value.to})
	}
	return all
}

// span is a part of a text, in bytes.
type span struct{ from, to int }
