package yamledit

import (
	"slices"
	"strings"
)

// Edits of flow style, [a, b] and {a: b}, on one line or on several.

// appendFlow adds elements after the last one. If that has lines of its own, so
// have the new ones.
func (e *editor) appendFlow(n *Node, elements []string) {
	there := n.elements()
	if len(there) == 0 {
		e.insert(n.from+1, strings.Join(elements, ", "))
		return
	}
	last := there[len(there)-1]
	end := last.to
	comma, trailing := e.commaAfter(end)
	tail := ""
	if trailing {
		end, tail = comma+1, ","
	} else {
		e.insert(end, ",")
	}
	if lead := e.lineStart(last.from); e.blank(lead, last.from) && e.endsLine(end) {
		between := e.newline(end) + string(e.text[lead:last.from])
		e.insert(e.lineEnd(end), between+strings.Join(elements, ","+between)+tail)
		return
	}
	e.insert(end, " "+strings.Join(elements, ", ")+tail)
}

// removeFlow takes elements out, given from first to last, and the commas that
// they leave over.
func (e *editor) removeFlow(n *Node, indexes []int) {
	there := n.elements()
	atEnd := true // nothing after it stays
	for i, index := range slices.Backward(indexes) {
		atEnd = atEnd && index == len(there)-len(indexes)+i
		e.removeElement(n, there, index, atEnd)
	}
}

func (e *editor) removeElement(n *Node, there []span, index int, atEnd bool) {
	from, to := there[index].from, there[index].to
	next := index + 1
	own, hasOwn := e.commaAfter(to)
	if atEnd { // it is as if the last element of all stood here
		_, hasOwn = e.commaAfter(there[len(there)-1].to)
	}
	if hasOwn {
		to = own + 1
	}
	previous := -1 // the comma before the element, if that is the one left over
	if index > 0 && atEnd {
		previous, _ = e.commaAfter(there[index-1].to)
	}
	switch lead := e.lineStart(from); {
	case e.blank(lead, from) && e.endsLine(to):
		from, to = e.commentsAbove(n, lead, from-lead), e.nextLine(to)
	case previous >= 0 && e.blank(previous+1, from):
		from = previous + 1
	case next < len(there) && !atEnd && e.blank(to, there[next].from):
		to = there[next].from
	}
	if previous >= 0 && !hasOwn {
		e.remove(previous, previous+1)
	}
	e.remove(from, to)
}

// commentsAbove is where the comments begin that are an element's own, or else its
// line; they stand within the brackets.
func (e *editor) commentsAbove(n *Node, line, column int) int {
	for line > n.from {
		above := e.lineStart(line - 1)
		if above <= n.from || !e.commentAt(above, column) {
			break
		}
		line = above
	}
	return line
}

// commaAfter finds the comma after an element that ends at the offset.
func (s *source) commaAfter(end int) (at int, ok bool) {
	at = s.skipFlowSpace(end)
	return at, at < len(s.text) && s.text[at] == ','
}

// endsLine reports whether nothing but a comment follows on the line.
func (s *source) endsLine(at int) bool { return s.skipFlowSpace(at) > s.lineEnd(at) }
