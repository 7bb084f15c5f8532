package lattice

import "bytes"

// Document is a manifest together with the text it was decoded from. It never
// changes: edits return a new Document.
type Document struct {
	path     string
	tree     *tree
	loaded   []byte // what the file held when it was read; nil if there was none
	manifest Manifest
}

// Path is where the document was loaded from and is saved to.
func (d *Document) Path() string { return d.path }

// Bytes is the document's text.
func (d *Document) Bytes() []byte { return bytes.Clone(d.tree.text) }

// Manifest is what the document says.
func (d *Document) Manifest() Manifest { return d.manifest.Clone() }
