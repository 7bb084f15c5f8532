package yamledit

import (
	"slices"
	"strings"
)

// Value is what a place in a document says, or is to say: a Text, a Literal, a Map
// or a Sequence.
type Value interface {
	// inline is the value in flow style.
	inline() string
	equal(Value) bool
}

// Text is a text, written in quotes where it needs them.
type Text string

// Literal is YAML as it is to stand: a number, a truth, a time, a quoted text.
type Literal string

// Exact is a Literal that is held against the text of the document, not against
// what the document is known to say: two spellings that say the same today may not
// after the edit.
type Exact string

// Map is a mapping.
type Map struct {
	Fields []Entry
	Block  bool // in a document in block style, new ones take a line for each field
}

// Entry is one field of a Map. Its name is a plain word.
type Entry struct {
	Name  string
	Value Value   // nil where the field goes unsaid
	Unset Literal // what to write in the place of a value that goes unsaid; "" takes the field out
}

// Sequence is a list of mappings.
type Sequence struct {
	Items []Item
	Anew  bool // may be written all anew where its order changes
}

// Item is one element of a Sequence.
type Item struct {
	ID string // what the element is known by, before and after an edit
	Map
}

func (t Text) inline() string    { return scalarText(string(t)) }
func (l Literal) inline() string { return string(l) }
func (x Exact) inline() string   { return string(x) }

func (m Map) inline() string { return "{" + strings.Join(m.inlineFields(), ", ") + "}" }

func (m Map) inlineFields() []string {
	var texts []string
	for _, e := range m.Fields {
		if e.Value != nil {
			texts = append(texts, e.inline())
		}
	}
	return texts
}

func (e Entry) inline() string { return e.Name + ": " + e.Value.inline() }

func (s Sequence) inline() string { return "[" + strings.Join(inlineItems(s.Items), ", ") + "]" }

func inlineItems(items []Item) []string {
	texts := make([]string, len(items))
	for i, item := range items {
		texts[i] = item.inline()
	}
	return texts
}

func (t Text) equal(v Value) bool    { return v == Value(t) }
func (l Literal) equal(v Value) bool { return v == Value(l) }
func (x Exact) equal(Value) bool     { return false }

func (m Map) equal(v Value) bool {
	o, ok := v.(Map)
	return ok && slices.EqualFunc(m.Fields, o.Fields, func(a, b Entry) bool { return a.Name == b.Name && same(a.Value, b.Value) })
}

func same(a, b Value) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return a.equal(b)
}

func (s Sequence) equal(v Value) bool {
	o, ok := v.(Sequence)
	return ok && slices.EqualFunc(s.Items, o.Items, func(a, b Item) bool { return a.ID == b.ID && a.Map.equal(b.Map) })
}

func (m Map) get(name string) Value { return m.entry(name).Value }

func (m Map) entry(name string) Entry {
	for _, e := range m.Fields {
		if e.Name == name {
			return e
		}
	}
	return Entry{}
}
