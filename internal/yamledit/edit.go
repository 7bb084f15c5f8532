package yamledit

import (
	"bytes"
	"strings"
	"unicode"
)

// Edit gives the text of the document with the differences made between what it
// says, have, and what it is to say, want. New fields and items stand after the
// others. It fails where the document is laid out in a way that a change cannot be
// fitted into. Whether the outcome says what is wanted is the caller's to check.
func (d *Document) Edit(have, want Map) (text []byte, ok bool) {
	changes, clears := &editor{Document: d}, &editor{Document: d}
	changes.change(d.root, have, want)
	clears.clear(d.root, have, want)
	if len(clears.splices) == 0 {
		return changes.apply(), true
	}
	if len(changes.splices) > 0 {
		// What goes is taken out last, so that what comes is laid out as its
		// neighbours.
		changed, problems := Parse(changes.apply(), d.format)
		if len(problems) > 0 {
			return nil, false
		}
		clears = &editor{Document: changed}
		clears.clear(changed.root, have, want)
	}
	return clears.apply(), true
}

// editor gathers the splices of one pass over a document.
type editor struct {
	*Document
	splices []splice
}

// change makes what is there say what is wanted, and adds what is missing.
func (e *editor) change(mapping *Node, have, want Map) {
	var missing []Entry
	for _, w := range want.Fields {
		h, n := have.get(w.Name), mapping.Get(w.Name)
		switch {
		case same(h, w.Value):
		case w.Value == nil:
			if w.Unset != "" && n != nil {
				e.set(n, w.Unset)
			}
		case n == nil:
			missing = append(missing, w)
		default:
			e.changeValue(mapping, w.Name, h, w.Value)
		}
	}
	e.insertFields(mapping, missing)
}

func (e *editor) changeValue(mapping *Node, name string, have, want Value) {
	n := mapping.Get(name)
	switch want := want.(type) {
	case Map:
		if n.Kind == Mapping {
			from, _ := have.(Map)
			e.change(n, from, want)
			return
		}
	case Sequence:
		if n.Kind == List {
			from, _ := have.(Sequence)
			e.changeList(mapping, name, from, want)
			return
		}
	}
	e.set(n, want)
}

// set replaces a node by a value; a text goes into the quotes that were there.
func (e *editor) set(n *Node, value Value) {
	text := value.inline()
	if t, isText := value.(Text); isText && n.Kind == Scalar {
		switch n.quote {
		case '\'':
			if !strings.ContainsFunc(string(t), unicode.IsControl) { // lines would be folded
				text = singleQuoted(string(t))
			}
		case '"':
			text = doubleQuoted(string(t))
		}
	}
	if n.from == n.to { // nothing stands there, nor do blanks have to
		if before := e.text[:n.from]; bytes.HasSuffix(before, []byte(":")) || bytes.HasSuffix(before, []byte("-")) {
			text = " " + text
		}
		if bytes.HasPrefix(e.text[n.to:], []byte("#")) {
			text += " "
		}
	}
	if string(e.text[n.from:n.to]) != text {
		e.replace(n.from, n.to, text)
	}
}

func (e *editor) changeList(mapping *Node, name string, have, want Sequence) {
	list := mapping.Get(name)
	m := match(have, want)
	for i, to := range m.kept {
		if to >= 0 && !have.Items[i].Map.equal(want.Items[to].Map) {
			e.change(list.Items[i], have.Items[i].Map, want.Items[to].Map)
		}
	}
	e.appendItems(mapping, name, m.added)
}

// clear takes out what is not wanted any more.
func (e *editor) clear(mapping *Node, have, want Map) {
	var gone []int
	for i, f := range mapping.Fields {
		h, w := have.get(f.Key.Value), want.entry(f.Key.Value)
		switch {
		case h == nil || same(h, w.Value):
		case w.Value == nil:
			if w.Unset == "" {
				gone = append(gone, i)
			}
		default:
			e.clearValue(f, h, w.Value)
		}
	}
	e.removeFields(mapping, gone)
}

func (e *editor) clearValue(f Field, have, want Value) {
	switch want := want.(type) {
	case Map:
		if from, ok := have.(Map); ok && f.Value.Kind == Mapping {
			e.clear(f.Value, from, want)
		}
	case Sequence:
		if from, ok := have.(Sequence); ok && f.Value.Kind == List {
			e.clearList(f, from, want)
		}
	}
}

func (e *editor) clearList(f Field, have, want Sequence) {
	var gone []int
	for i, to := range match(have, want).kept {
		switch {
		case to < 0:
			gone = append(gone, i)
		case !have.Items[i].Map.equal(want.Items[to].Map):
			e.clear(f.Value.Items[i], have.Items[i].Map, want.Items[to].Map)
		}
	}
	e.removeItems(f, gone)
}

// matched says which items of a list stay, and which come.
type matched struct {
	kept  []int // for each item that is there, its place in the new list; -1 where it goes
	added []Item
}

// match finds items by their IDs; of several with one ID the first answers to the
// first.
func match(have, want Sequence) matched {
	type key struct {
		id string
		n  int
	}
	places, count := make(map[key]int, len(want.Items)), map[string]int{}
	for i, item := range want.Items {
		places[key{item.ID, count[item.ID]}] = i
		count[item.ID]++
	}
	m := matched{kept: make([]int, len(have.Items))}
	taken := make([]bool, len(want.Items))
	clear(count)
	last, inOrder := -1, true
	for i, item := range have.Items {
		to, stays := places[key{item.ID, count[item.ID]}]
		count[item.ID]++
		if !stays {
			m.kept[i] = -1
			continue
		}
		m.kept[i], taken[to] = to, true
		inOrder = inOrder && to > last
		last = to
	}
	for i, item := range want.Items {
		if !taken[i] {
			m.added = append(m.added, item)
			inOrder = inOrder && i > last
		}
	}
	if want.Anew && !inOrder {
		for i := range m.kept {
			m.kept[i] = -1
		}
		m.added = want.Items
	}
	return m
}
