package compose

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/env/envfile/yamltree"
)

// The bounds of a project. Compose has none but for what memory there is.
const (
	fileLimit  = 1000     // compose files, counted each time one is read
	depthLimit = 100      // of include and of extends
	textLimit  = 64 << 20 // of all files together, in bytes
	// Variables and env files that services have by extends, in all: each line of a
	// file can extend all that is in another.
	extendedLimit = 200_000
)

// loader reads the files of one project.
type loader struct {
	from    Files
	project string // the project's folder
	files   int
	bytes   int

	extended int // variables
}

// read reads a file that something names.
func (l *loader) read(path string, by place, what string) ([]byte, error) {
	text, err := l.from.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, hostenv.Malformed(by.path, by.line, by.column, "compose refuses the file: there is no "+path+", which "+what+" names", "name a file that is there, relative to this one")
	}
	if l.bytes += len(text); l.bytes > textLimit {
		clear(text)
		return nil, hostenv.NotJudged(by.path, by.line, by.column, "the files of this project hold more than 64 MiB", "judge parts of it")
	}
	return text, err
}

// inside is a path relative to the project's folder as compose keeps it: joined
// to the folder that it was relative to.
func inside(dir, path string) string {
	if filepath.IsAbs(path) || path == "" {
		return path
	}
	return filepath.Join(dir, path)
}

// outside is such a path for who opens files.
func (l *loader) outside(path string) string { return inside(l.project, path) }

// from is how files were come by.
type from struct {
	dir    string // what paths are relative to, itself relative to the project
	values *values
	chain  []string // the files that include one another
	by     place
}

// model reads files that go over one another.
func (l *loader) model(paths []string, f from) (model, error) {
	var all model
	for _, path := range paths {
		if _, err := l.file(&all, path, f, true); err != nil {
			return model{}, err
		}
	}
	all.resolve(f)
	return all, nil
}

// resolve makes paths relative to the project, and takes the variables of lists
// that have no value from those around them.
func (m *model) resolve(f from) {
	m.move(f.dir)
	for name, s := range m.services {
		if s.environment != nil && s.environment.list {
			s.environment = s.environment.resolved(f.values)
			m.services[name] = s
		}
	}
}

// resolved gives variables without a value the one that is set around them.
func (e *environment) resolved(v *values) *environment {
	all := environment{list: e.list, variables: make([]variable, len(e.variables))}
	for i, one := range e.variables {
		if !one.set {
			value := v.lookup(one.name)
			one.value, one.set, one.unknown = value.Text, value.Set, value.Unsure
		}
		all.variables[i] = one
	}
	return &all
}

// file reads one file over the model, and gives the resets of its last document.
// Not whole: as one that a service extends from, whose include and extends wait.
func (l *loader) file(all *model, path string, f from, whole bool) ([]reset, error) {
	if l.files++; l.files > fileLimit {
		return nil, hostenv.NotJudged(f.by.path, f.by.line, f.by.column, "this project is made of more than 1000 files", "take include and extends apart")
	}
	text, err := l.read(l.outside(path), f.by, "include or extends")
	if err != nil {
		return nil, err
	}
	defer clear(text)
	shown := l.outside(path)
	tree, problem := yamltree.Read(text)
	if problem != nil {
		return nil, hostenv.Malformed(shown, problem.Line, problem.Column, problem.Message, problem.Hint)
	}
	var resets []reset
	for _, root := range tree.Documents {
		r := documentReader{path: shown, tree: tree, values: f.values}
		doc, err := r.read(root)
		if err != nil {
			return nil, err
		}
		if whole {
			if err := l.include(&doc, path, f); err != nil {
				return nil, err
			}
		}
		all.apply(doc.resets)
		if whole {
			if err := l.extend(&doc, path, f); err != nil {
				return nil, err
			}
		}
		all.add(doc.model)
		resets = doc.resets
	}
	return resets, nil
}

// include reads what a document includes, under what it says itself.
func (l *loader) include(doc *document, path string, f from) error {
	chain := slices.Concat(f.chain, []string{path})
	for _, one := range doc.includes {
		if strings.Contains(one.paths[0], "://") || strings.HasPrefix(one.paths[0], "oci:") {
			return hostenv.NotJudged(one.at.path, one.at.line, one.at.column, "latch does not fetch what is included from elsewhere", "name a file")
		}
		main := inside(f.dir, one.paths[0])
		for _, other := range chain {
			if other == main {
				return hostenv.Malformed(one.at.path, one.at.line, one.at.column, "compose refuses the file: what is included here includes this one", "take the circle apart")
			}
		}
		if len(chain) > depthLimit {
			return hostenv.NotJudged(one.at.path, one.at.line, one.at.column, "include is more than 100 files deep here", "take include apart")
		}
		included, err := l.included(one, main, chain, f)
		if err != nil {
			return err
		}
		doc.model = over(included, doc.model, doc.resets)
	}
	return nil
}

// over is a model over another one, which comes last in the order and loses what
// the resets name.
func over(base, top model, resets []reset) model {
	var all model
	for _, name := range top.order {
		s := top.services[name]
		if b, known := base.services[name]; known {
			s = merge(b.less(name, resets), s)
		}
		all.put(name, s)
	}
	for _, name := range base.order {
		if _, known := top.services[name]; !known {
			all.put(name, base.services[name])
		}
	}
	return all
}

func (l *loader) included(one inclusion, main string, chain []string, f from) (model, error) {
	dir := filepath.Dir(main)
	if one.dir != "" {
		dir = inside(f.dir, one.dir)
	}
	paths := []string{main}
	for _, p := range one.paths[1:] {
		paths = append(paths, inside(f.dir, p))
	}
	envFiles, err := l.includedValues(one, dir, f)
	if err != nil {
		return model{}, err
	}
	v, err := l.under(f.values, envFiles, one.at)
	if err != nil {
		return model{}, err
	}
	return l.model(paths, from{dir: dir, values: v, chain: chain, by: one.at})
}

// includedValues names the env files of an include: those that it names, or else
// the .env in its folder, where there is one.
func (l *loader) includedValues(one inclusion, dir string, f from) ([]string, error) {
	var files []string
	for _, path := range one.envFiles {
		if path != "/dev/null" {
			files = append(files, l.outside(inside(f.dir, path)))
		}
	}
	if len(one.envFiles) > 0 {
		return files, nil
	}
	return l.dotenv(l.outside(dir))
}

// dotenv names the .env of a folder, nothing where there is none.
func (l *loader) dotenv(dir string) ([]string, error) {
	path := filepath.Join(dir, ".env")
	text, err := l.from.Open(path)
	clear(text)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, err
	}
	return []string{path}, nil
}
