package lattice

import (
	"fmt"
	"slices"

	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/lattice/schema"
	"github.com/latch-keys/latch/internal/yamledit"
)

// record is the one description of a mapping in the manifest: which fields it has,
// and how each is read, written, compared and explained.
type record[T any] struct {
	fields []field[T]
	check  func(f *fields, v T) // judges the fields together; may be nil
	not    *schema.Schema       // what the check refuses, as far as a schema can say it
}

// field is one field of a record.
type field[T any] struct {
	name     string
	meaning  string // in a sentence without its full stop
	required bool
	hidden   bool // it is read to be refused, and told to nobody
	schema   func() schema.Schema
	unset    yamledit.Literal // what to write where the field goes unsaid; "" takes it out
	read     func(f *fields, into *T)
	write    func(from *T) yamledit.Value // nil where the field goes unsaid
	same     func(a, b *T) bool
}

func required[T any](f field[T]) field[T] {
	f.required = true
	return f
}

// says gives the field its meaning.
func (f field[T]) says(meaning string) field[T] {
	f.meaning = meaning
	return f
}

func (r record[T]) names() []string {
	var names []string
	for _, f := range r.fields {
		if !f.hidden {
			names = append(names, f.name)
		}
	}
	return names
}

// read decodes a mapping. What is wrong with it goes to the decoder, and the zero
// value stands for it.
func (r record[T]) read(d *decoder, n *yamledit.Node, path string) (T, *fields) {
	var v T
	f := d.fields(n, path, func(name string) bool {
		return slices.ContainsFunc(r.fields, func(fd field[T]) bool { return fd.name == name })
	}, r.names)
	for _, fd := range r.fields {
		if fd.required && f.isMapping && f.get(fd.name) == nil {
			d.fail(n, RuleField, path, fmt.Errorf("%s is missing", fd.name))
		}
	}
	for _, fd := range r.fields {
		fd.read(f, &v)
	}
	if r.check != nil {
		r.check(f, v)
	}
	return v, f
}

// write gives the mapping that says v.
func (r record[T]) write(v T) yamledit.Map {
	entries := make([]yamledit.Entry, len(r.fields))
	for i, fd := range r.fields {
		entries[i] = yamledit.Entry{Name: fd.name, Value: fd.write(&v), Unset: fd.unset}
	}
	return yamledit.Map{Fields: entries}
}

// schema describes the record to editors.
func (r record[T]) schema() schema.Schema {
	s := schema.Object()
	s.Not = r.not
	for _, fd := range r.fields {
		if fd.hidden {
			continue
		}
		value := fd.schema()
		value.Description = fd.meaning
		s.Properties = append(s.Properties, schema.Property{Name: fd.name, Schema: value})
		if fd.required {
			s.Required = append(s.Required, fd.name)
		}
	}
	return s
}

func (r record[T]) same(a, b T) bool {
	return !slices.ContainsFunc(r.fields, func(fd field[T]) bool { return !fd.same(&a, &b) })
}

// form is how one kind of value stands in a manifest.
type form[V any] struct {
	accepts func(n *yamledit.Node) error
	parse   func(text string) (V, error)
	show    func(V) yamledit.Value
	same    func(a, b V) bool
	schema  schema.Schema
}

// scalar describes a field that holds one value. The zero value goes unsaid, but
// where the field is required.
func scalar[T any, V comparable](name string, rule finding.Rule, at func(*T) *V, as form[V]) field[T] {
	return field[T]{
		name: name,
		read: func(f *fields, into *T) { *at(into) = read(f, name, rule, as) },
		write: func(from *T) yamledit.Value {
			var zero V
			if v := *at(from); v != zero {
				return as.show(v)
			}
			return nil
		},
		same:   func(a, b *T) bool { return as.same(*at(a), *at(b)) },
		schema: func() schema.Schema { return as.schema },
	}
}

// always describes a field whose zero value is written too.
func always[T any, V comparable](name string, rule finding.Rule, at func(*T) *V, as form[V]) field[T] {
	f := scalar(name, rule, at, as)
	f.write = func(from *T) yamledit.Value { return as.show(*at(from)) }
	return required(f)
}

// nested describes a field that holds a mapping, none where nothing is set.
func nested[T any, V comparable](name string, at func(*T) *V, r record[V]) field[T] {
	return field[T]{
		name: name,
		read: func(f *fields, into *T) {
			if n := f.get(name); n != nil {
				*at(into), _ = r.read(f.decoder, n, f.pathOf(name))
			}
		},
		write: func(from *T) yamledit.Value {
			var zero V
			if v := *at(from); v != zero {
				return r.write(v)
			}
			return nil
		},
		same:   func(a, b *T) bool { return *at(a) == *at(b) },
		schema: r.schema,
	}
}

// list describes a field that holds a list of records. of makes their description
// from what is read of the parent so far; id is what an item is known by.
func list[T, V any](name string, at func(*T) *[]V, of func(*T) items[V]) field[T] {
	return field[T]{
		name: name,
		read: func(f *fields, into *T) { *at(into) = of(into).read(f, name) },
		write: func(from *T) yamledit.Value {
			if len(*at(from)) == 0 {
				return nil
			}
			return of(from).write(*at(from))
		},
		same: func(a, b *T) bool { return slices.EqualFunc(*at(a), *at(b), of(a).record.same) },
		schema: func() schema.Schema {
			var none T
			return schema.List(of(&none).record.schema())
		},
	}
}

// items describes the elements of a list.
type items[V any] struct {
	record record[V]
	id     func(V) string // what an element is known by
	unique string         // the field that holds a name no two elements share; "" for none
	anew   bool           // the list may be written all anew
}

func (l items[V]) read(f *fields, name string) []V {
	var all []V
	seen := names{}
	for i, n := range f.items(name) {
		v, inner := l.record.read(f.decoder, n, fmt.Sprintf("%s[%d]", f.pathOf(name), i))
		all = append(all, v)
		if l.unique != "" {
			f.decoder.unique(inner, seen, l.unique, l.id(v))
		}
	}
	return all
}

func (l items[V]) write(all []V) yamledit.Sequence {
	s := yamledit.Sequence{Items: make([]yamledit.Item, len(all)), Anew: l.anew}
	for i, v := range all {
		s.Items[i] = yamledit.Item{ID: l.id(v), Map: l.record.write(v)}
	}
	return s
}
