package unit

import (
	"bytes"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/finding"
)

// Folder is where units and what they name are read from.
type Folder interface {
	// Open reads a file.
	Open(path string) ([]byte, error)
	// List names the files of a folder, none where it is not there.
	List(dir string) ([]string, error)
	// ReadEnvFile reads an env file as systemd does.
	ReadEnvFile(path string, text []byte) hostenv.Host
	// Credential reads what latch writes as json for env exec.
	Credential(path string, text []byte) (hostenv.Host, error)
}

// reader reads one unit with its drop-ins.
type reader struct {
	folder Folder
	host   *hostenv.Host
	set    []hostenv.Entry
	files  []envFile
	unset  []string
}

type envFile struct {
	path     string
	optional bool
	at       hostenv.Entry
}

// Load reads a unit, and the drop-ins beside it. The name is the host's where the
// file does not say.
func Load(path string, text []byte, name string, folder Folder) (hostenv.Host, error) {
	h := hostenv.Host{Name: name, Path: path, Line: 1, ReadBy: "systemd"}
	h.Adopt(text)
	r := &reader{folder: folder, host: &h}
	r.read(path, text)
	dropIns, err := folder.List(path + ".d")
	if err != nil {
		return h, err
	}
	slices.Sort(dropIns)
	for _, name := range dropIns {
		if filepath.Ext(name) != ".conf" || strings.HasPrefix(name, ".") {
			continue
		}
		dropIn := filepath.Join(path+".d", name)
		text, err := folder.Open(dropIn)
		if errors.Is(err, fs.ErrNotExist) {
			r.note(hostenv.Entry{Path: dropIn, Line: 1}, finding.Error, hostenv.RuleNotJudged, "this link leads to no file here, and systemd does without it", "judge the unit where its files are")
			continue
		}
		if err != nil {
			return h, err
		}
		h.Adopt(text)
		r.read(dropIn, text)
		clear(text)
	}
	h.Entries = r.set
	err = r.envFiles()
	r.host.Entries = slices.DeleteFunc(r.host.Entries, func(e hostenv.Entry) bool {
		return slices.Contains(r.unset, e.Name) || slices.Contains(r.unset, e.Name+"="+string(e.Value()))
	})
	h.Inspect()
	return h, err
}

// read takes in one file.
func (r *reader) read(path string, text []byte) {
	for _, s := range settings(text) {
		if s.section != "Service" {
			clear(s.value)
			continue
		}
		at := hostenv.Entry{Path: path, Line: s.line, Column: s.column}
		switch s.name {
		case "Environment":
			r.environment(s, at)
		case "EnvironmentFile":
			r.environmentFile(s, at)
		case "UnsetEnvironment":
			parts, _ := words(s.value)
			for _, p := range parts {
				r.unset = append(r.unset, string(p))
			}
		case "PassEnvironment":
			r.passed(s, at)
		case "LoadCredential", "LoadCredentialEncrypted":
			r.credential(s, at)
		default:
			if hostenv.Concerns(s.name) {
				r.note(at, finding.Error, hostenv.RuleSyntax, "systemd skips this line: it has no setting "+s.name, "write Environment="+s.name+"=…, or continue the line above without an empty line between")
			}
		}
		clear(s.value)
	}
}

func (r *reader) environment(s setting, at hostenv.Entry) {
	if len(s.value) == 0 {
		r.set = nil
		return
	}
	parts, flaw := words(s.value)
	if flaw != "" {
		r.note(at, finding.Error, hostenv.RuleSyntax, "systemd skips this line, or the rest of it: "+flaw, `write Environment="NAME=VALUE", with \\ for a backslash`)
	}
	for _, p := range parts {
		name, value, set := bytes.Cut(p, []byte("="))
		if !set || !hostenv.VariableName(name) {
			r.note(at, finding.Warning, hostenv.RuleName, "systemd skips a part of this line: it is no NAME=VALUE", `put quotes around the whole: Environment="NAME=VALUE"`)
			continue
		}
		e := hostenv.Host{Path: at.Path}
		one := e.Add(string(name), at.Line, at.Column, bytes.ReplaceAll(value, []byte("%%"), []byte("%")))
		one.Expanded = bytes.Contains(bytes.ReplaceAll(value, []byte("%%"), nil), []byte("%"))
		one.Open = true
		r.set = append(r.set, *one)
	}
}

func (r *reader) environmentFile(s setting, at hostenv.Entry) {
	if len(s.value) == 0 {
		r.files = nil
		return
	}
	path, optional := strings.CutPrefix(string(s.value), "-")
	if !absolute(path) {
		r.note(at, finding.Error, hostenv.RuleSyntax, "systemd skips this line: the path is not absolute, and it takes no quotes away", "write EnvironmentFile=/PATH, without quotes")
		return
	}
	r.files = append(r.files, envFile{path, optional, at})
}

// absolute reports whether systemd takes a path as it stands, or this machine, which
// may run another system.
func absolute(path string) bool { return strings.HasPrefix(path, "/") || filepath.IsAbs(path) }

// passed are variables that the unit takes from systemd itself.
func (r *reader) passed(s setting, at hostenv.Entry) {
	parts, _ := words(s.value)
	for _, p := range parts {
		e := hostenv.Host{Path: at.Path}
		one := e.Add(string(p), at.Line, at.Column, nil)
		one.Expanded = true
		r.set = append(r.set, *one)
	}
}

// envFiles add what the files say, which counts for more than the unit's own.
func (r *reader) envFiles() error {
	for _, file := range r.files {
		if strings.ContainsAny(file.path, "%*?[") {
			r.note(file.at, finding.Error, hostenv.RuleNotJudged, "which env file is read here depends on the name of the unit, or on what there is", "judge the files themselves: latch env check --read-by systemd FILE")
			continue
		}
		text, err := r.folder.Open(file.path)
		switch {
		case errors.Is(err, fs.ErrNotExist) && file.optional:
			r.note(file.at, finding.Warning, hostenv.RuleNotJudged, "there is no "+file.path+" here, and systemd does without it", "judge it where it is: latch env check --read-by systemd "+file.path)
			continue
		case errors.Is(err, fs.ErrNotExist):
			r.note(file.at, finding.Error, hostenv.RuleEnvFile, "there is no "+file.path+" here: systemd refuses to start "+r.host.Name, "judge the unit where its files are, or the file: latch env check --read-by systemd FILE")
			r.host.Part = true
			continue
		case err != nil:
			return err
		}
		r.host.Take(r.folder.ReadEnvFile(file.path, text))
		clear(text)
	}
	return nil
}

// credential is the environment that latch hands over as a file.
func (r *reader) credential(s setting, at hostenv.Entry) {
	id, path, _ := strings.Cut(string(s.value), ":")
	if id != credential {
		return
	}
	err := fs.ErrNotExist // a name alone is looked up in folders of the machine that runs the unit
	var text []byte
	if absolute(path) {
		text, err = r.folder.Open(path)
		defer clear(text)
	}
	if err == nil {
		var h hostenv.Host
		if h, err = r.folder.Credential(path, text); err == nil {
			r.set = append(r.set, h.Entries...)
			r.host.Findings = append(r.host.Findings, h.Findings...)
			return
		}
	}
	r.host.Part = true
	r.note(at, finding.Error, hostenv.RuleNotJudged, "the environment is the credential "+path+", which cannot be read here", "judge it where it is: latch env check "+path)
}

// credential is what latch calls the credential with a host's environment.
const credential = "latch.json"

func (r *reader) note(at hostenv.Entry, severity finding.Severity, rule finding.Rule, message, hint string) {
	r.host.Findings = append(r.host.Findings, hostenv.NewFinding(at, severity, rule, message, hint))
}
