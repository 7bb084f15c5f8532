package yamledit

import "bytes"

// Document is a text that holds one YAML document, and the nodes in it. It never
// changes: Edit gives another text.
type Document struct {
	*source
	format Format
	root   *Node
}

// Format is what a document of some kind must keep to, and how messages speak of
// it.
type Format struct {
	Kind    string // what such a document is called, as in "manifest"
	MaxSize int    // in bytes
	IfEmpty string // the hint for an empty file

	// CheckSpelled judges the value of every scalar that stands in the text by
	// another spelling, with escapes; what stands there as it is can be judged in the
	// text. Nil accepts all.
	CheckSpelled func(value string) error
}

// Problem is why a text is no document, and where.
type Problem struct {
	Line   int // from 1
	Column int // in characters, from 1; 0 where only the line is known
	Err    error
}

// Root is the node that holds all others.
func (d *Document) Root() *Node { return d.root }

// Bytes is the document's text, the caller's to change.
func (d *Document) Bytes() []byte { return bytes.Clone(d.text) }

// Place is the line and column where a node starts, both from 1.
func (d *Document) Place(n *Node) (line, column int) { return d.position(n.from) }

// Position is the line and column of an offset in a text, both from 1.
func Position(text []byte, offset int) (line, column int) {
	return newSource(text).position(offset)
}
