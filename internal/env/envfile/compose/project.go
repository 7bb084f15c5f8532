package compose

import (
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/env/envfile/interpolate"
	"github.com/latch-keys/latch/internal/finding"
)

// MainNames are the files that compose looks for in a folder.
func MainNames() []string {
	return []string{"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"}
}

// OverrideNames are the files that compose puts over one of those.
func OverrideNames() []string {
	return []string{"compose.override.yml", "compose.override.yaml", "docker-compose.override.yml", "docker-compose.override.yaml"}
}

// Files are where a project is read from.
type Files interface {
	// Open opens a file. What it gives is cleared here.
	Open(path string) ([]byte, error)
	// ReadEnvFile reads an env file as compose does, Raw as it stands: with what is
	// set beside it, and what earlier ones set.
	ReadEnvFile(path string, text []byte, raw bool, beside, earlier interpolate.Lookup) hostenv.Host
}

// Load reads the project of a compose file: one host for each service that is
// told anything. An error of hostenv.Malformed or NotJudged says what compose does
// not take, or what is beyond latch.
func Load(path string, files Files) ([]hostenv.Host, error) {
	l := &loader{from: files, project: filepath.Dir(path)}
	here := place{path, 1, 1}
	paths := []string{filepath.Base(path)}
	if slices.Contains(MainNames(), paths[0]) {
		over, err := l.override()
		if err != nil {
			return nil, err
		}
		paths = append(paths, over...)
	}
	dotenv, err := l.dotenv(l.project)
	if err != nil {
		return nil, err
	}
	v, err := l.under(&values{}, dotenv, here)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"COMPOSE_FILE", "COMPOSE_ENV_FILES", "COMPOSE_PROFILES", "COMPOSE_DISABLE_ENV_FILE"} {
		if value := v.set[name].Text; value != "" && name != "COMPOSE_PROFILES" && value != paths[0] {
			return nil, hostenv.NotJudged(dotenv[0], 1, 1, name+" makes this project of other files, which latch does not look for", "name them one by one")
		}
	}
	m, err := l.model(paths, from{values: v, by: here})
	if err != nil {
		return nil, err
	}
	return l.hosts(m, v)
}

// override is the file that goes over the main one, where there is one.
func (l *loader) override() ([]string, error) {
	for _, name := range OverrideNames() {
		text, err := l.from.Open(filepath.Join(l.project, name))
		clear(text)
		if err == nil {
			return []string{name}, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
	}
	return nil, nil
}

// hosts are the services that are told anything.
func (l *loader) hosts(m model, v *values) ([]hostenv.Host, error) {
	var hosts []hostenv.Host
	for _, name := range m.order {
		s := m.services[name]
		h := hostenv.Host{Name: hostenv.SafeName(name), Path: s.at.path, Line: s.at.line, ReadBy: "compose"}
		h.Target = hostenv.TargetOfImage(s.image)
		err := l.tell(&h, s, v)
		if err != nil {
			hostenv.WipeAll(hosts)
			h.Wipe()
			return nil, err
		}
		if len(h.Entries) > 0 || len(h.Findings) > 0 {
			h.Inspect()
			hosts = append(hosts, h)
		}
	}
	return hosts, nil
}

// tell gives the host what its service says: its env files, and over them its
// own variables.
func (l *loader) tell(h *hostenv.Host, s service, v *values) error {
	var own []variable
	if s.environment != nil {
		own = s.environment.resolved(v).variables
	}
	mine := map[string]interpolate.Value{}
	for _, o := range own {
		mine[o.name] = interpolate.Value{Text: o.value, Set: o.set, Unsure: o.unknown}
	}
	beside := func(name string) interpolate.Value {
		if value := v.lookup(name); value.Set {
			return value
		}
		return mine[name]
	}
	for _, file := range s.envFiles {
		before := sync.OnceValue(h.Final)
		earlier := func(name string) interpolate.Value {
			e, ok := before()[name]
			return interpolate.Value{Text: string(e.Value()), Set: ok, Unsure: e.Expanded}
		}
		if err := l.envFile(h, file, beside, earlier); err != nil {
			return err
		}
	}
	for _, o := range own {
		e := h.AddAt(o.name, o.at.path, o.at.line, o.at.column, []byte(o.value))
		e.Expanded = o.unknown || !o.set
		e.Open = o.literal
	}
	return nil
}

// envFile adds what an env file of the service says.
func (l *loader) envFile(h *hostenv.Host, file envFile, beside, earlier interpolate.Lookup) error {
	path := l.outside(file.path)
	text, err := l.from.Open(path)
	defer clear(text)
	switch {
	case errors.Is(err, fs.ErrNotExist) && file.optional:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		h.Findings = append(h.Findings, missing(h.Name, path, file.at))
		h.Part = true
		return nil
	case strings.HasPrefix(file.path, "~"):
		return hostenv.NotJudged(file.at.path, file.at.line, file.at.column, "where the env file stands depends on who starts compose", "write the path in full")
	case err != nil:
		return err
	}
	if l.bytes += len(text); l.bytes > textLimit {
		return hostenv.NotJudged(file.at.path, file.at.line, file.at.column, "the files of this project hold more than 64 MiB", "judge parts of it")
	}
	if file.format != "" && file.format != ".env" && file.format != "raw" {
		return hostenv.Malformed(file.at.path, file.at.line, file.at.column, "compose refuses the file: it knows no such format of env files", "write format: raw, or leave it out")
	}
	h.Take(l.from.ReadEnvFile(path, text, file.format == "raw", beside, earlier))
	return nil
}

// missing is the finding for an env file that is not there.
func missing(service, path string, at place) finding.Finding {
	return hostenv.NewFinding(hostenv.Entry{Path: at.path, Line: at.line, Column: at.column}, finding.Error, hostenv.RuleEnvFile,
		"there is no "+path+": compose refuses to start "+service, "latch env write makes env files")
}
