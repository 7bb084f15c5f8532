package lattice

import (
	"bytes"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Edits of block style, where the layout is in the indentation. Whole lines are
// inserted and removed; a comment on a line of its own belongs to an item only
// if it stands deeper than the item's dash, right below the item.

// insertField adds a field at the end of a mapping: a scalar, or a list of items.
func (e *editor) insertField(mapping *yaml.Node, f field, items [][]field) {
	if isFlow(mapping) {
		e.appendFlow(mapping, 2, f.String())
		return
	}
	indent := mapping.Column - 1
	lead := strings.Repeat(" ", indent)
	lines := []string{lead + f.String()}
	if items != nil {
		lines = append([]string{lead + f.name + ":"}, blockItems(items, e.listIndent(mapping), " ")...)
	}
	e.insertLines(e.lastLine(e.end(mapping), indent), lines)
}

// appendBlock adds items after the last one, laid out as that one is.
func (e *editor) appendBlock(list *yaml.Node, items [][]field) {
	indent := list.Column - 1
	last := list.Content[len(list.Content)-1]
	gap := string(e.text[e.dash(list, last)+1 : e.at(last)])
	if strings.Trim(gap, " ") != "" {
		gap = " "
	}
	lines := blockItems(items, indent, gap)
	if isFlow(last) {
		lines = nil
		for _, item := range items {
			lines = append(lines, strings.Repeat(" ", indent)+"-"+gap+flowItem(item))
		}
	}
	e.insertLines(e.lastLine(e.end(last), indent), lines)
}

// removeBlock removes the lines of items; an empty list becomes [].
func (e *editor) removeBlock(mapping *yaml.Node, name string, indexes ...int) {
	list := value(mapping, name)
	if len(list.Content) == len(indexes) {
		e.insert(e.colon(e.end(key(mapping, name)))+1, emptyList)
	}
	var gone []span
	for _, index := range indexes {
		item := list.Content[index]
		lines := e.lines(e.dash(list, item), e.lastLine(e.end(item), list.Column-1))
		if last := len(gone) - 1; last >= 0 && gone[last].to == lines.from {
			gone[last].to = lines.to
		} else {
			gone = append(gone, lines)
		}
	}
	for _, lines := range gone {
		e.removeLines(lines)
	}
}

// lines are the lines from that of the one offset to that of the other.
func (e *editor) lines(first, last int) span { return span{e.lineStart(first), e.nextLine(last)} }

func (e *editor) removeLines(s span) {
	if lineEnding(e.text[:s.to]) == "" { // the text ends without a line end, and still shall
		s.from -= len(lineEnding(e.text[:s.from]))
	}
	e.remove(s.from, s.to)
}

// emptyList is how a list without items follows its colon.
const emptyList = " []"

// openable reports whether an empty list can become a block list, and become
// what it was when that is emptied again.
func (e *editor) openable(mapping *yaml.Node, name string) bool {
	list := value(mapping, name)
	colon := e.colon(e.end(key(mapping, name)))
	return !isFlow(mapping) && string(e.text[colon+1:e.end(list)]) == emptyList
}

// openList makes a block list of items of an empty list.
func (e *editor) openList(mapping *yaml.Node, name string, items [][]field) {
	list := value(mapping, name)
	end := e.end(list)
	e.remove(end-len(emptyList), end)
	indent := e.listIndent(mapping)
	e.insertLines(e.lastLine(end, indent), blockItems(items, indent, " "))
}

// listIndent is how far lists in a mapping are indented: as those that are there,
// or by two.
func (e *editor) listIndent(mapping *yaml.Node) int {
	for i := 1; i < len(mapping.Content); i += 2 {
		if n := mapping.Content[i]; n.Kind == yaml.SequenceNode && !isFlow(n) {
			return n.Column - 1
		}
	}
	return mapping.Column + 1
}

// insertLines adds lines below the line that ends at the offset.
func (e *editor) insertLines(end int, lines []string) {
	newline := e.newline(end)
	e.insert(end, newline+strings.Join(lines, newline))
}

// dash is where the dash of a block list's item stands: on the item's line or,
// if nothing or a comment follows it, further up.
func (t *tree) dash(list, item *yaml.Node) int {
	top := t.at(list)
	for line := t.lineStart(t.at(item)); line > top; line = t.lineStart(line - 1) {
		at := line + list.Column - 1
		if at < len(t.text) && t.text[at] == '-' && t.blank(line, at) {
			return at
		}
	}
	return top
}

// lastLine is where the lines of a node that ends at the offset end: with the
// comments below it that are indented deeper than indent.
func (t *tree) lastLine(end, indent int) int {
	end = t.lineEnd(end)
	for next := t.nextLine(end); next < len(t.text); next = t.nextLine(end) {
		line := t.text[next:t.lineEnd(next)]
		bare := bytes.TrimLeft(line, " ")
		if !bytes.HasPrefix(bare, []byte("#")) || len(line)-len(bare) <= indent {
			break
		}
		end = t.lineEnd(next)
	}
	return end
}
