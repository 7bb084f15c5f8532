package yamltree

import (
	"strconv"

	"go.yaml.in/yaml/v3"
)

// mostAliased bounds the values that aliases stand for in one file, besides those that
// stand there: a few lines can stand for billions, or for themselves.
const mostAliased = 1_000_000

// bounded is why a document cannot be read from end to end, nil where it can.
func (t *Tree) bounded(root *yaml.Node) *Problem {
	there, aliases := written(root)
	if !aliases {
		return nil
	}
	w := weigher{tree: t, most: there + mostAliased, known: map[*yaml.Node]int{}, open: map[*yaml.Node]bool{}}
	w.weigh(root)
	return w.problem
}

// written counts the nodes that stand in the text, and tells whether some are aliases.
func written(n *yaml.Node) (count int, aliases bool) {
	count, aliases = 1, n.Kind == yaml.AliasNode
	for _, below := range n.Content {
		more, other := written(below)
		count, aliases = count+more, aliases || other
	}
	return count, aliases
}

// weigher counts what whoever follows each alias gets to see.
type weigher struct {
	tree    *Tree
	most    int
	known   map[*yaml.Node]int
	open    map[*yaml.Node]bool
	problem *Problem
}

// weigh gives the number of values from a node down, which means nothing once there is
// a problem.
func (w *weigher) weigh(at *yaml.Node) int {
	n := Resolved(at)
	if w.problem != nil || n == nil {
		return 0
	}
	if count, known := w.known[n]; known {
		return count
	}
	if w.open[n] {
		w.problem = &Problem{at.Line, at.Column, "the alias (*) here stands within what it stands for", "write out what is meant"}
		return 0
	}
	w.open[n] = true
	defer delete(w.open, n)
	count := 1
	for _, below := range w.below(n) {
		if count += w.weigh(below); count > w.most && w.problem == nil {
			w.problem = &Problem{at.Line, at.Column, "aliases (*) stand for more than " + strconv.Itoa(mostAliased) + " values here", "write them out"}
		}
	}
	w.known[n] = count
	return count
}

// below are the members of a sequence, or the keys and values of a mapping.
func (w *weigher) below(n *yaml.Node) []*yaml.Node {
	if n.Kind != yaml.MappingNode {
		return n.Content
	}
	var all []*yaml.Node
	for _, p := range w.tree.mapping(n).list {
		all = append(all, p.Key, p.Value)
	}
	return all
}
