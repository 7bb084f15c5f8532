package envfile

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/env/envfile/compose"
	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/env/envfile/interpolate"
	"github.com/latch-keys/latch/internal/env/envfile/reading"
	"github.com/latch-keys/latch/internal/env/envfile/unit"
	"github.com/latch-keys/latch/internal/env/envfile/yamltree"
	"github.com/latch-keys/latch/internal/lattice"
)

// Parse reads one file's text, and nothing that it names; path says which file,
// for names and places. The text stays the caller's to clear. An error that
// hostenv.FindingOf knows says that the text is not what its name says.
func Parse(path string, text []byte, o Options) ([]Host, error) {
	l := &loader{Options: o, only: text}
	err := checkText(path, text)
	if err == nil {
		err = l.parse(path, text, formOf(path, text))
	}
	hosts := slices.Concat(l.hosts, l.cluster.Hosts())
	if err != nil {
		Wipe(hosts)
		return nil, err
	}
	return hosts, nil
}

func (l *loader) parse(path string, text []byte, f form) error {
	switch f {
	case jsonForm:
		return l.json(path, text)
	case yamlForm:
		return l.yaml(path, text)
	case unitForm:
		h, err := unit.Load(path, text, nameOf(path), unitFiles{l})
		h.Target = l.target(h)
		l.hosts = append(l.hosts, h)
		return err
	default:
		l.hosts = append(l.hosts, l.envFile(path, text))
		return nil
	}
}

// yaml reads a compose file, objects of Kubernetes, or a chart's values.
func (l *loader) yaml(path string, text []byte) error {
	tree, problem := yamltree.Read(text)
	if problem != nil {
		return hostenv.Malformed(path, problem.Line, problem.Column, problem.Message, problem.Hint)
	}
	var file Host
	if len(tree.Documents) == 1 {
		file.Adopt(text)
	}
	known := false
	for _, document := range tree.Documents {
		switch {
		case tree.Field(document, "kind") != nil:
			known = l.cluster.Add(path, tree, document, file) || known
		case tree.Field(document, "services") != nil || tree.Field(document, "include") != nil:
			return l.compose(path, text)
		case tree.Field(document, "wasmcloud") != nil:
			known = l.chart(path, tree, document, file) || known
		}
	}
	if p := tree.Problem(); p != nil {
		return hostenv.Malformed(path, p.Line, p.Column, p.Message, p.Hint)
	}
	if !known {
		return foreign(path, text)
	}
	return nil
}

// foreign is the error for a YAML file that is none of those that tell hosts
// something.
func foreign(path string, text []byte) error {
	if bytes.Contains(text, []byte("{{")) {
		return hostenv.NotJudged(path, 1, 1, "this is a template of a chart, which latch does not render", "judge what it renders to: helm template CHART | latch env check -")
	}
	return hostenv.NotJudged(path, 1, 1, "there is no service, no object of Kubernetes and no value of a chart in this file that tells a host anything", "name the file that does")
}

func (l *loader) compose(path string, text []byte) error {
	hosts, err := compose.Load(path, composeFiles{l, path, text})
	for i := range hosts {
		hosts[i].Target = l.target(hosts[i])
	}
	l.hosts = append(l.hosts, hosts...)
	return err
}

// composeFiles are where a compose project is read from.
type composeFiles struct {
	*loader
	path string // of the file that is read already
	text []byte
}

func (f composeFiles) Open(path string) ([]byte, error) {
	if filepath.Clean(path) == filepath.Clean(f.path) {
		return bytes.Clone(f.text), nil
	}
	return f.loader.Open(path)
}

func (composeFiles) ReadEnvFile(path string, text []byte, raw bool, beside, earlier interpolate.Lookup) Host {
	h := Host{Path: path}
	by := reading.Compose(beside, earlier)
	if raw {
		by = reading.Raw()
	}
	by.Read(&h, text)
	return h
}

// unitFiles are where a unit is read from.
type unitFiles struct{ *loader }

func (unitFiles) ReadEnvFile(path string, text []byte) Host {
	h := Host{Path: path, ReadBy: reading.Systemd().Name()}
	h.Adopt(text)
	reading.Systemd().Read(&h, text)
	return h
}

// envFile reads an env file.
func (l *loader) envFile(path string, text []byte) Host {
	h := Host{Name: nameOf(path), Path: path, Line: 1, Sole: true}
	h.Adopt(text)
	h.Target = l.target(h)
	by, sure := l.Reading, true
	if own := reading.ByExtension(path); own != nil {
		by = own
	}
	if by == nil {
		by, sure = reading.Guess(path, text, h.Target)
	}
	h.ReadBy = by.Name()
	by.Read(&h, text)
	if !sure {
		h.Doubts = reading.Doubts(h, text)
	}
	h.Inspect()
	return h
}

// nameOf is the name of the host that a file is for: the file's, or where all
// hosts' files are called the same, the folder's.
func nameOf(path string) string {
	base := filepath.Base(path)
	name, _, _ := strings.Cut(base, ".")
	generic := []string{"", "host", "wasmcloud", "env", "host_config", "compose", "docker-compose", "override", "-"}
	for _, g := range generic {
		if name != g {
			continue
		}
		if parent := filepath.Base(filepath.Dir(path)); lattice.CheckName(parent) == nil {
			return parent
		}
		return path
	}
	return strings.TrimSuffix(base, filepath.Ext(base))
}
