package lattice

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

// Edits of flow style, [a, b] and {a: b}, on one line or on several.

// appendFlow adds an element after the last one; an element is so many nodes
// long, 1 in a list and 2 in a mapping. If the last one has lines of its own, so
// has the new one.
func (e *editor) appendFlow(n *yaml.Node, nodes int, element string) {
	if len(n.Content) == 0 {
		e.insert(e.at(n)+1, element)
		return
	}
	start := e.at(n.Content[len(n.Content)-nodes])
	end := e.end(n.Content[len(n.Content)-1])
	comma, trailing := e.commaAfter(end)
	if trailing {
		end, element = comma+1, element+","
	} else {
		e.insert(end, ",")
	}
	if lead := e.lineStart(start); e.blank(lead, start) && e.endsLine(end) {
		e.insert(e.lineEnd(end), e.newline(end)+string(e.text[lead:start])+element)
		return
	}
	e.insert(end, " "+element)
}

// removeFlow takes an element out of a list, and the comma that it leaves over.
func (e *editor) removeFlow(list *yaml.Node, index int) { e.removeFlowNodes(list, index, 1) }

// removeFlowField takes a field out of a mapping in braces.
func (e *editor) removeFlowField(mapping *yaml.Node, name string) {
	e.removeFlowNodes(mapping, slices.Index(mapping.Content, key(mapping, name)), 2)
}

// removeFlowNodes takes out the element that is so many nodes long and starts
// with the node of the index.
func (e *editor) removeFlowNodes(n *yaml.Node, index, nodes int) {
	next := index + nodes
	from, to := e.at(n.Content[index]), e.end(n.Content[next-1])
	own, hasOwn := e.commaAfter(to)
	if hasOwn {
		to = own + 1
	}
	previous := -1 // the comma before the element, if that is the one left over
	if index > 0 && next == len(n.Content) {
		previous, _ = e.commaAfter(e.end(n.Content[index-1]))
	}
	switch lead := e.lineStart(from); {
	case e.blank(lead, from) && e.endsLine(to):
		from, to = lead, e.nextLine(to)
	case previous >= 0 && e.blank(previous+1, from):
		from = previous + 1
	case next < len(n.Content) && e.blank(to, e.at(n.Content[next])):
		to = e.at(n.Content[next])
	}
	if previous >= 0 && !hasOwn {
		e.remove(previous, previous+1)
	}
	e.remove(from, to)
}

// commaAfter finds the comma after an element that ends at the offset.
func (t *tree) commaAfter(end int) (at int, ok bool) {
	at = t.skipFlowSpace(end)
	return at, t.text[at] == ','
}

// endsLine reports whether nothing but a comment follows on the line.
func (t *tree) endsLine(at int) bool { return t.skipFlowSpace(at) > t.lineEnd(at) }
