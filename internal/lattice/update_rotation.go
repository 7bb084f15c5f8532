package lattice

import (
	"slices"

	"go.yaml.in/yaml/v3"
)

const rotationField = "rotation"

// rotation brings the rotation block to what it is to say: written when one
// starts, edited place by place, removed when it ends.
func (r *rewriter) rotation(want *Rotation) {
	have := r.have.Rotation
	switch {
	case want == nil && have == nil:
	case want == nil:
		r.do(func(e *editor) { e.removeField(e.root, rotationField) })
	case have == nil:
		r.do(func(e *editor) { e.insertRotation(rotationFields(want), listsOf(want)) })
	default:
		r.rotationFields(have, want)
		r.successions(have.Keys, want.Keys)
		r.retired(have.Retired, want.Retired)
		r.observed(have.Observed, want.Observed)
	}
}

func (r *rewriter) rotationFields(have, want *Rotation) {
	before, after := rotationFields(have), rotationFields(want)
	for _, f := range after {
		if !slices.Contains(before, f) {
			r.set(rotationField, f)
		}
	}
	for _, f := range before {
		if !slices.ContainsFunc(after, func(a field) bool { return a.name == f.name }) {
			r.set(rotationField, field{f.name, "false"}) // only what is false goes unsaid
		}
	}
}

// successions turns each in its place; a rotation that takes over another writes
// all anew.
func (r *rewriter) successions(have, want []Succession) {
	onePlace := func(a, b Succession) bool { return a.Host == b.Host }
	if !slices.EqualFunc(have, want, onePlace) {
		r.removeItems(r.inRotation, "keys", func(int) bool { return true })
		r.appendItems("keys", itemsOf(want, successionFields))
		return
	}
	r.do(func(e *editor) {
		for i, s := range want {
			if s == have[i] {
				continue
			}
			item := value(value(e.root, rotationField), "keys").Content[i]
			e.setText(value(item, "old"), s.Old)
			e.setText(value(item, "new"), s.New)
		}
	})
}

func (r *rewriter) retired(have, want []Issuer) {
	r.removeItems(r.inRotation, "retired", func(i int) bool {
		return !slices.ContainsFunc(want, have[i].equal)
	})
	r.appendItems("retired", itemsOf(missing(want, have, Issuer.equal), issuerFields))
}

func (r *rewriter) observed(have, want []Observation) {
	items := observationItems(want)
	wanted := make(map[string][]field, len(want))
	for i, o := range want {
		wanted[o.Host] = items[i]
	}
	r.do(func(e *editor) {
		for i, o := range have {
			for _, f := range wanted[o.Host] {
				item := value(value(e.root, rotationField), "observed").Content[i]
				if n := value(item, f.name); f.name != "host" && string(e.text[e.at(n):e.end(n)]) != f.value {
					e.setRaw(n, f.value)
				}
			}
		}
	})
	r.removeItems(r.inRotation, "observed", func(i int) bool { return wanted[have[i].Host] == nil })
	for _, o := range have {
		delete(wanted, o.Host)
	}
	var added [][]field
	for i, o := range want {
		if wanted[o.Host] != nil {
			added = append(added, items[i])
		}
	}
	r.appendItems("observed", added)
}

// missing are those of want that are not in have.
func missing[T any](want, have []T, same func(a, b T) bool) []T {
	var found []T
	for _, w := range want {
		if !slices.ContainsFunc(have, func(h T) bool { return same(w, h) }) {
			found = append(found, w)
		}
	}
	return found
}

func (r *rewriter) inRotation(root *yaml.Node) *yaml.Node { return value(root, rotationField) }

func (r *rewriter) appendItems(list string, items [][]field) {
	r.do(func(e *editor) { e.appendItems(value(e.root, rotationField), list, items) })
}

// removeItems removes the items of a list of the root, or of a mapping in it. In
// flow style one goes at a time, for the sake of the commas between them.
func (r *rewriter) removeItems(mapping func(*yaml.Node) *yaml.Node, name string, goes func(int) bool) {
	in := func() *yaml.Node {
		if mapping == nil {
			return r.tree.root
		}
		return mapping(r.tree.root)
	}
	list := value(in(), name)
	if list == nil {
		return
	}
	var indexes []int
	for i := range list.Content {
		if goes(i) {
			indexes = append(indexes, i)
		}
	}
	if !isFlow(list) {
		r.do(func(e *editor) { e.removeBlock(in(), name, indexes...) })
		return
	}
	for _, i := range slices.Backward(indexes) {
		r.do(func(e *editor) { e.removeFlow(value(in(), name), i) })
	}
}

// removeField takes a field of a mapping out, with the lines that are its own.
func (e *editor) removeField(mapping *yaml.Node, name string) {
	if isFlow(mapping) {
		e.removeFlowField(mapping, name)
		return
	}
	e.removeLines(e.lines(e.at(key(mapping, name)), e.lastLine(e.end(value(mapping, name)), mapping.Column-1)))
}
