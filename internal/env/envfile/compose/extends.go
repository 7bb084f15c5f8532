package compose

import (
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
)

// extender resolves extends in one file.
type extender struct {
	*loader
	way   from
	path  string // of the file, relative to the project
	bases map[string]*base
}

// base is a file that services extend from: as it stands, each service by
// itself.
type base struct {
	model
	resets []reset
}

// extend puts what the document's services extend from under them.
func (l *loader) extend(doc *document, path string, f from) error {
	x := extender{loader: l, way: f, path: path, bases: map[string]*base{}}
	own := &base{doc.model, doc.resets}
	for _, name := range doc.order {
		if _, err := x.service(own, name, nil); err != nil {
			return err
		}
	}
	doc.model = own.model
	return nil
}

// step is one service on the way from extends to extends.
type step struct{ path, service string }

// service is the service with all that it extends from, which its file keeps.
func (x *extender) service(in *base, name string, way []step) (service, error) {
	s := in.services[name]
	if s.extends == nil {
		return s, nil
	}
	e := *s.extends
	from, here := in, step{x.path, name}
	if e.file != "" {
		var err error
		if from, err = x.base(e); err != nil {
			return s, err
		}
		here.path = e.file
	}
	if _, known := from.services[e.service]; !known {
		return s, hostenv.Malformed(e.at.path, e.at.line, e.at.column, "compose refuses the file: there is no service of the name that is extended from here", "name a service that is there")
	}
	if slices.Contains(way, here) {
		return s, hostenv.Malformed(e.at.path, e.at.line, e.at.column, "compose refuses the file: what is extended from here extends from this one", "take the circle apart")
	}
	if len(way) > depthLimit {
		return s, hostenv.NotJudged(e.at.path, e.at.line, e.at.column, "extends is more than 100 services deep here", "take extends apart")
	}
	under, err := x.service(from, e.service, append(way[:len(way):len(way)], here))
	if err != nil {
		return s, err
	}
	under = under.less(name, in.resets)
	s.extends, under.extends = nil, nil
	s = merge(under, s)
	if x.extended += len(s.envFiles); s.environment != nil {
		x.extended += len(s.environment.variables)
	}
	if x.extended > extendedLimit {
		return s, hostenv.NotJudged(e.at.path, e.at.line, e.at.column, "services have more than 200000 variables and env files by extends, up to here", "judge parts of it")
	}
	in.services[name] = s
	return s, nil
}

// base reads the file that a service extends from. Each way to it starts from
// the file as it stands.
func (x *extender) base(e extension) (*base, error) {
	if strings.Contains(e.file, "://") {
		return nil, hostenv.NotJudged(e.at.path, e.at.line, e.at.column, "latch does not fetch what is extended from elsewhere", "name a file")
	}
	path := inside(x.way.dir, e.file)
	if _, known := x.bases[path]; !known {
		var b base
		f := x.way
		f.by = e.at
		resets, err := x.file(&b.model, path, f, false)
		if err != nil {
			return nil, err
		}
		b.resets = resets
		b.move(filepath.Dir(e.file))
		x.bases[path] = &b
	}
	known := *x.bases[path]
	known.services = maps.Clone(known.services)
	return &known, nil
}

// move makes the model's paths relative to the folder that the given one is
// relative to.
func (m *model) move(dir string) {
	for name, s := range m.services {
		files := make([]envFile, len(s.envFiles))
		for i, file := range s.envFiles {
			file.path = inside(dir, file.path)
			files[i] = file
		}
		s.envFiles = files
		if s.extends != nil && s.extends.file != "" {
			moved := *s.extends
			moved.file = inside(dir, moved.file)
			s.extends = &moved
		}
		m.services[name] = s
	}
}
