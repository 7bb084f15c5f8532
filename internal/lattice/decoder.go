package lattice

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/similar"
	"github.com/latch-keys/latch/internal/yamledit"
)

// sizeLimit is far above any manifest: 4 MiB hold some 50,000 hosts.
const sizeLimit = 4 << 20

// parse reads the YAML of a manifest, which must hold no seed, not even in a
// comment.
func parse(file string, text []byte) (*yamledit.Document, Errors) {
	if len(text) <= sizeLimit {
		if found := exposedSeeds(file, text); len(found) > 0 {
			return nil, found
		}
	}
	doc, problems := yamledit.Parse(text, yamledit.Format{
		Kind: "manifest", MaxSize: sizeLimit, IfEmpty: "latch lattice init makes a manifest",
		CheckSpelled: func(value string) error {
			if keys.MayHoldSeed(value) {
				return exposed("this")
			}
			return nil
		},
	})
	var found Errors
	for _, p := range problems {
		rule := RuleSyntax
		if errors.Is(p.Err, ErrExposedSeed) {
			rule = RuleExposed
		}
		found = append(found, &Error{File: file, Line: p.Line, Column: p.Column, Rule: rule, cause: p.Err})
	}
	return doc, found
}

// decoder turns nodes into a manifest and collects what is wrong.
type decoder struct {
	file string
	doc  *yamledit.Document
	errs Errors

	slips int // unknown fields that were held against the known ones

	included Errors // what is wrong with the file that the manifest includes
}

func (d *decoder) fail(n *yamledit.Node, rule finding.Rule, field string, cause error) {
	line, column := d.doc.Place(n)
	d.errs = append(d.errs, &Error{File: d.file, Line: line, Column: column, Field: field, Rule: rule, cause: cause})
}

// fields is a mapping under decoding. Whatever is wrong with it goes to the
// decoder.
type fields struct {
	decoder   *decoder
	node      *yamledit.Node
	path      string // of the mapping, empty for the root
	isMapping bool
}

// fields begins to read a mapping of which only the known fields may be set, each
// once.
func (d *decoder) fields(n *yamledit.Node, path string, isKnown func(string) bool, known func() []string) *fields {
	f := &fields{decoder: d, node: n, path: path, isMapping: n.Kind == yamledit.Mapping}
	if !f.isMapping {
		d.fail(n, RuleField, path, fmt.Errorf("must hold fields (name: value), not %s", n.Describe()))
		return f
	}
	seen := make([]string, 0, 8)
	for _, field := range n.Fields {
		switch name := field.Key.Value; {
		case !isKnown(name):
			d.fail(field.Key, RuleField, path, d.unknownField(name, known()))
		case slices.Contains(seen, name):
			d.fail(field.Key, RuleField, path, fmt.Errorf("%s stands here a second time", name))
		default:
			seen = append(seen, name)
		}
	}
	return f
}

func (d *decoder) unknownField(name string, known []string) error {
	meant := ""
	if d.slips++; d.slips <= manySlips {
		meant = similar.Question(name, known)
	}
	return fault.New(fault.Failed, "unknown field %s%s", shown(name), meant).
		WithHint("the fields here are %s", strings.Join(known, ", "))
}

// get is the value of a field, nil where it is not set.
func (f *fields) get(name string) *yamledit.Node {
	if !f.isMapping {
		return nil
	}
	return f.node.Get(name)
}

func (f *fields) pathOf(name string) string {
	if f.path == "" {
		return name
	}
	return f.path + "." + name
}

// isList reports whether the field is set, to a list.
func (f *fields) isList(name string) bool {
	n := f.get(name)
	return n != nil && n.Kind == yamledit.List
}

// items are the elements of a list, none if the field is not set.
func (f *fields) items(name string) []*yamledit.Node {
	n := f.get(name)
	switch {
	case n == nil:
		return nil
	case n.Kind == yamledit.List:
		return n.Items
	case n.IsNothing():
		f.fail(name, RuleField, fault.New(fault.Failed, "must be a list, not nothing").WithHint("write %s: []", name))
	default:
		f.fail(name, RuleField, fmt.Errorf("must be a list, not %s", n.Describe()))
	}
	return nil
}

// fail reports what is wrong with a field that is set.
func (f *fields) fail(name string, rule finding.Rule, cause error) {
	f.decoder.fail(f.get(name), rule, f.pathOf(name), cause)
}

// read decodes a scalar field; the zero value stands for one that is not set or
// is wrong.
func read[V any](f *fields, name string, rule finding.Rule, as form[V]) V {
	var none V
	n := f.get(name)
	if n == nil {
		return none
	}
	if err := as.accepts(n); err != nil {
		f.fail(name, RuleField, err)
		return none
	}
	got, err := as.parse(n.Value)
	if err != nil {
		f.fail(name, rule, err)
		return none
	}
	return got
}

// names maps folded names to the paths of the items that have them.
type names map[string]string

func (d *decoder) unique(f *fields, seen names, field, name string) {
	if name == "" {
		return
	}
	if first, ok := seen[fold(name)]; ok {
		f.fail(field, RuleDuplicate, fmt.Errorf("%s is the name of %s too (case does not tell names apart)", shown(name), first))
		return
	}
	seen[fold(name)] = f.path
}
