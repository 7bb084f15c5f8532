package lattice

import (
	"math"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// editor gathers the splices of one edit of a document, and the manifest that
// the outcome is to say.
type editor struct {
	*tree
	want    Manifest
	splices []splice
}

// splice replaces text[from:to].
type splice struct {
	from, to int
	text     string
}

// edit makes a new document by splicing. The outcome is decoded again: if it does
// not say what the edit was to make it say, the edit fails.
func (d *Document) edit(change func(*editor) error) (*Document, error) {
	if value(d.tree.root, "generation") == nil {
		numbered, err := d.numbered()
		if err != nil {
			return nil, err
		}
		return numbered.edit(change)
	}
	e := &editor{tree: d.tree, want: d.manifest.Clone()}
	if err := change(e); err != nil {
		return nil, err
	}
	if err := e.bump(); err != nil {
		return nil, err
	}
	return d.respliced(e)
}

// numbered gives a document without a generation the one it has: 0.
func (d *Document) numbered() (*Document, error) {
	e := &editor{tree: d.tree, want: d.manifest}
	e.insertField(e.root, field{"generation", "0"}, nil)
	return d.respliced(e)
}

func (d *Document) respliced(e *editor) (*Document, error) { return d.decoded(e.apply(), e.want) }

// decoded is the document with another text, which must say what is wanted.
func (d *Document) decoded(text []byte, want Manifest) (*Document, error) {
	edited, err := Decode(d.path, text)
	if err != nil || !edited.manifest.Equal(want) {
		return nil, d.unfit()
	}
	edited.loaded = d.loaded
	return edited, nil
}

func (d *Document) unfit() error {
	return refuse(nil, "make the change by hand, or lay the file out as latch lattice init does",
		"cannot edit %s: it is laid out in a way that the change cannot be fitted into", d.path)
}

// bump raises the generation, in the model and in the text.
func (e *editor) bump() error {
	if err := e.grow(); err != nil {
		return err
	}
	e.setRaw(value(e.root, "generation"), strconv.FormatUint(e.want.Generation, 10))
	return nil
}

func (e *editor) grow() error {
	if e.want.Generation >= math.MaxInt64 {
		return refuse(nil, "set the generation to a smaller number by hand", "the generation %d cannot grow", e.want.Generation)
	}
	e.want.Generation++
	return nil
}

func (e *editor) replace(from, to int, text string) {
	e.splices = append(e.splices, splice{from, to, text})
}

func (e *editor) insert(at int, text string) { e.replace(at, at, text) }

func (e *editor) remove(from, to int) { e.replace(from, to, "") }

// apply gives the spliced text. Splices at one place go in the order they came.
func (e *editor) apply() []byte {
	slices.SortStableFunc(e.splices, func(a, b splice) int { return a.from - b.from })
	var out []byte
	at := 0
	for _, s := range e.splices {
		out = append(append(out, e.text[at:s.from]...), s.text...)
		at = s.to
	}
	return append(out, e.text[at:]...)
}

// setRaw replaces a scalar by YAML text.
func (e *editor) setRaw(n *yaml.Node, text string) { e.replace(e.at(n), e.end(n), text) }

// setText replaces a scalar by a text, in the quotes that were there.
func (e *editor) setText(n *yaml.Node, text string) {
	switch n.Style {
	case yaml.SingleQuotedStyle:
		e.setRaw(n, singleQuoted(text))
	case yaml.DoubleQuotedStyle:
		e.setRaw(n, doubleQuoted(text))
	default:
		e.setRaw(n, scalarText(text))
	}
}

// appendItem adds an item to a list of the root, and the list if there is none.
func (e *editor) appendItem(name string, item []field) {
	e.appendItems(e.root, name, [][]field{item})
}

// appendItems adds items to a list of a mapping, and the list if there is none.
func (e *editor) appendItems(mapping *yaml.Node, name string, items [][]field) {
	list := value(mapping, name)
	switch {
	case len(items) == 0:
	case list == nil && isFlow(mapping):
		e.appendFlow(mapping, 2, name+": ["+flowItems(items)+"]")
	case list == nil:
		e.insertField(mapping, field{name: name}, items)
	case !isFlow(list):
		e.appendBlock(list, items)
	case e.openable(mapping, name):
		e.openList(mapping, name, items)
	default:
		e.appendFlow(list, 1, flowItems(items))
	}
}

// removeItem takes an item out of a list of the root.
func (e *editor) removeItem(name string, index int) {
	if list := value(e.root, name); isFlow(list) {
		e.removeFlow(list, index)
	} else {
		e.removeBlock(e.root, name, index)
	}
}

// key finds the node of a mapping's key.
func key(mapping *yaml.Node, name string) *yaml.Node {
	for i := 0; i < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == name {
			return mapping.Content[i]
		}
	}
	return nil
}
