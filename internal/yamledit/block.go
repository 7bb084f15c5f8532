package yamledit

import (
	"bytes"
	"slices"
	"strings"
)

// Edits of block style, where the layout is in the indentation. Whole lines are
// inserted and removed, an entry's with the comments that are its own.

// insertFields adds fields at the end of a mapping, those of one line first.
func (e *editor) insertFields(mapping *Node, fields []Entry) {
	if len(fields) == 0 {
		return
	}
	slices.SortStableFunc(fields, func(a, b Entry) int { return lineCount(a) - lineCount(b) })
	if mapping.flow {
		e.appendFlow(mapping, Map{Fields: fields}.inlineFields())
		return
	}
	end, _ := mapping.lastPlace()
	e.insertLines(e.lastLine(end, mapping.column), blockFields(fields, mapping.column, e.listIndent(mapping)))
}

// lineCount is 1 for what stands on one line in block style, and 2 for more.
func lineCount(e Entry) int {
	switch v := e.Value.(type) {
	case Sequence:
		return 2
	case Map:
		if v.Block {
			return 2
		}
	}
	return 1
}

// appendItems adds items to the list of a mapping.
func (e *editor) appendItems(mapping *Node, name string, items []Item) {
	list := mapping.Get(name)
	switch {
	case len(items) == 0:
	case !list.flow:
		e.appendBlock(list, items)
	case e.openable(mapping, name):
		e.openList(mapping, list, items)
	default:
		e.appendFlow(list, inlineItems(items))
	}
}

// appendBlock adds items after the last one, laid out as that one is.
func (e *editor) appendBlock(list *Node, items []Item) {
	last := list.Items[len(list.Items)-1]
	gap := string(e.text[e.dash(list, last)+1 : last.from])
	if strings.Trim(gap, " ") != "" {
		gap = " "
	}
	lines := blockItems(items, list.column, gap)
	if last.flow {
		lines = nil
		for _, item := range items {
			lines = append(lines, strings.Repeat(" ", list.column)+"-"+gap+item.inline())
		}
	}
	e.insertLines(e.lastLine(last.to, list.column), lines)
}

// emptyList is how a list without items follows its colon.
const emptyList = " []"

// openable reports whether an empty list can become a block list, and become what
// it was when that is emptied again.
func (e *editor) openable(mapping *Node, name string) bool {
	f := mapping.field(name)
	return !mapping.flow && string(e.text[e.colon(f.Key.to)+1:f.Value.to]) == emptyList
}

// openList makes a block list of items of an empty list.
func (e *editor) openList(mapping, list *Node, items []Item) {
	e.remove(list.to-len(emptyList), list.to)
	indent := e.listIndent(mapping)
	e.insertLines(e.lastLine(list.to, indent), blockItems(items, indent, " "))
}

// removeItems takes items out of the list in a field; a block list without items
// becomes [].
func (e *editor) removeItems(f Field, indexes []int) {
	list := f.Value
	switch {
	case len(indexes) == 0:
		return
	case list.flow:
		e.removeFlow(list, indexes)
		return
	case len(list.Items) == len(indexes):
		e.insert(e.colon(f.Key.to)+1, emptyList)
	}
	gone := make([]span, len(indexes))
	for i, index := range indexes {
		item := list.Items[index]
		gone[i] = e.entryLines(e.dash(list, item), item.to, list.column)
	}
	e.removeLines(gone)
}

// removeFields takes fields out of a mapping.
func (e *editor) removeFields(mapping *Node, indexes []int) {
	if mapping.flow {
		e.removeFlow(mapping, indexes)
		return
	}
	gone := make([]span, len(indexes))
	for i, index := range indexes {
		f := mapping.Fields[index]
		gone[i] = e.entryLines(f.Key.from, f.Value.to, mapping.column)
	}
	e.removeLines(gone)
}

// entryLines are the lines of an entry from the one offset to the other, with the
// comments that are its own.
func (e *editor) entryLines(first, last, column int) span {
	from := e.lineStart(first)
	for from > 0 {
		above := e.lineStart(from - 1)
		if !e.commentAt(above, column) {
			break
		}
		from = above
	}
	return span{from, e.nextLine(e.lastLine(last, column))}
}

// commentAt reports whether the line is a comment that stands just so far in.
func (s *source) commentAt(line, column int) bool {
	at := line + column
	return at < len(s.text) && s.text[at] == '#' && s.blank(line, at)
}

// removeLines removes lines, given from top to bottom.
func (e *editor) removeLines(gone []span) {
	var joined []span
	for _, lines := range gone {
		if last := len(joined) - 1; last >= 0 && joined[last].to >= lines.from {
			joined[last].to = lines.to
		} else {
			joined = append(joined, lines)
		}
	}
	for _, lines := range joined {
		e.remove(lines.from, lines.to)
	}
}

// listIndent is how far lists in a mapping are indented: as those that are there,
// or by two.
func (e *editor) listIndent(mapping *Node) int {
	for _, f := range mapping.Fields {
		if f.Value.Kind == List && !f.Value.flow {
			return f.Value.column
		}
	}
	return mapping.column + 2
}

// insertLines adds lines below the line that ends at the offset.
func (e *editor) insertLines(end int, lines []string) {
	newline := e.newline(end)
	e.insert(end, newline+strings.Join(lines, newline))
}

// dash is where the dash of a block list's item stands: on the item's line or, if
// nothing or a comment follows it, further up.
func (s *source) dash(list, item *Node) int {
	for line := s.lineStart(item.from); line > list.from; line = s.lineStart(line - 1) {
		at := line + list.column
		if at < len(s.text) && s.text[at] == '-' && s.blank(line, at) {
			return at
		}
	}
	return list.from
}

// lastLine is where the lines of a node that ends at the offset end: with the
// comments below it that are indented deeper than indent.
func (s *source) lastLine(end, indent int) int {
	end = s.lineEnd(end)
	for next := s.nextLine(end); next < len(s.text); next = s.nextLine(end) {
		line := s.text[next:s.lineEnd(next)]
		bare := bytes.TrimLeft(line, " ")
		if !bytes.HasPrefix(bare, []byte("#")) || len(line)-len(bare) <= indent {
			break
		}
		end = s.lineEnd(next)
	}
	return end
}
