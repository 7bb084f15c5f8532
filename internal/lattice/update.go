package lattice

import (
	"slices"
	"strconv"
)

// Update makes the document say what m says. m may differ from Manifest in its
// issuers (a name always keeping its key), in what hosts sign with, in its
// rotation, its spans of time and its deny list; hosts come and go by AddHost
// and RemoveHost. What is new in a list stands after the rest. The generation is raised by one if any host's environment
// changes, whatever m says of it; a document that says it all already is
// returned as it is.
func (d *Document) Update(m Manifest) (*Document, error) {
	want := m.Clone()
	want.Generation = d.manifest.Generation
	if r := want.Rotation; r != nil {
		r.Observed = slices.DeleteFunc(r.Observed, func(o Observation) bool { return !o.Certain() })
	}
	if want.Equal(d.manifest) {
		return d, nil
	}
	for _, is := range want.Issuers {
		if err := want.CheckDenied(is.PublicKey); err != nil {
			return nil, err
		}
	}
	if !sameEnvironments(d.manifest, want) {
		numbered := &editor{want: want}
		if err := numbered.grow(); err != nil {
			return nil, err
		}
		want = numbered.want
	}
	r := &rewriter{path: d.path, tree: d.tree, have: d.manifest}
	r.issuers(want)
	r.hosts(want)
	r.withdraw(want)
	r.spans(want)
	r.rotation(want.Rotation)
	r.denied(want)
	r.generation(want)
	return d.rewritten(r, want)
}

// sameEnvironments reports whether every host is told the same by both.
func sameEnvironments(a, b Manifest) bool {
	return slices.EqualFunc(a.Issuers, b.Issuers, func(x, y Issuer) bool { return x.PublicKey == y.PublicKey }) &&
		slices.EqualFunc(a.Hosts, b.Hosts, Host.Equal)
}

func (d *Document) rewritten(r *rewriter, want Manifest) (*Document, error) {
	if r.failed {
		return nil, d.unfit()
	}
	return d.decoded(r.tree.text, want)
}

// rewriter makes edits one after the other. What stands in between need be no
// valid manifest, only well laid out; in the end it all is decoded again.
type rewriter struct {
	path   string
	tree   *tree
	have   Manifest
	failed bool
}

func (r *rewriter) do(change func(*editor)) {
	if r.failed {
		return
	}
	e := &editor{tree: r.tree}
	change(e)
	if len(e.splices) == 0 {
		return
	}
	after, errs := parse(r.path, e.apply())
	if r.failed = len(errs) > 0; !r.failed {
		r.tree = after
	}
}

// issuers adds those that are new.
func (r *rewriter) issuers(want Manifest) {
	var added [][]field
	for _, is := range want.Issuers {
		if _, there := r.have.Issuer(is.Name); !there {
			added = append(added, issuerFields(is))
		}
	}
	r.do(func(e *editor) { e.appendItems(e.root, "issuers", added) })
}

// withdraw removes the issuers that are to be none any more.
func (r *rewriter) withdraw(want Manifest) {
	r.removeItems(nil, "issuers", func(i int) bool {
		_, kept := want.Issuer(r.issuerName(i))
		return !kept
	})
}

func (r *rewriter) issuerName(i int) string {
	return value(value(r.tree.root, "issuers").Content[i], "name").Value
}

func (r *rewriter) hosts(want Manifest) {
	r.do(func(e *editor) {
		for i, h := range want.Hosts {
			if i < len(r.have.Hosts) && r.have.Hosts[i].SignsWith != h.SignsWith {
				e.setText(value(value(e.root, "hosts").Content[i], "signs_with"), h.SignsWith)
			}
		}
	})
}

func (r *rewriter) spans(want Manifest) {
	if want.MaxAge != r.have.MaxAge {
		r.set("", field{"max_age", FormatSpan(want.MaxAge)})
	}
	if want.MinSoak != r.have.MinSoak {
		r.set("", field{"min_soak", FormatSpan(want.MinSoak)})
	}
}

func (r *rewriter) denied(want Manifest) {
	var added [][]field
	for _, d := range want.Denied {
		if _, there := r.have.DenialOf(d.PublicKey); !there {
			added = append(added, denialFields(d))
		}
	}
	r.do(func(e *editor) { e.appendItems(e.root, "denied", added) })
}

func (r *rewriter) generation(want Manifest) {
	if want.Generation != r.have.Generation {
		r.set("", field{"generation", strconv.FormatUint(want.Generation, 10)})
	}
}

// set gives a field of the root, or of a mapping in it, a value in YAML.
func (r *rewriter) set(mapping string, f field) {
	r.do(func(e *editor) {
		in := e.root
		if mapping != "" {
			in = value(e.root, mapping)
		}
		if n := value(in, f.name); n != nil {
			e.setRaw(n, f.value)
		} else {
			e.insertField(in, f, nil)
		}
	})
}
