package envfile

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/env/envfile/reading"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Parse reads a file's text; path says which file, for names and places. JSON and
// YAML are known by their extension. The text stays the caller's to clear. The
// error is a *SyntaxError: the text is not what its extension says.
func Parse(path string, text []byte, o Options) ([]Host, error) {
	switch formOf(path) {
	case jsonForm:
		return parseJSON(path, text)
	case yamlForm:
		return parseYAML(path, text)
	case foreignForm:
		return nil, &SyntaxError{path, 1, 1, "latch does not read files of this kind; it reads env files, JSON and YAML"}
	}
	return []Host{o.read(path, text)}, nil
}

// Options say how files are read.
type Options struct {
	Reading Reading                            // who reads env files; nil is the host itself, where it reads any, or else whoever the file's name says
	Target  func(host string) wasmcloud.Target // what a host runs, where its file does not say; may be nil
}

// target is what the host runs, zero where nobody says.
func (o Options) target(h Host) wasmcloud.Target {
	if h.Target.IsZero() && o.Target != nil {
		return o.Target(h.Name)
	}
	return h.Target
}

// read reads an env file.
func (o Options) read(path string, text []byte) Host {
	h := Host{Name: nameOf(path), Path: path, Line: 1}
	h.Adopt(text)
	h.Target = o.target(h)
	by, sure := o.Reading, true
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
	name := strings.TrimSuffix(base, filepath.Ext(base))
	if name != "" && base != hostConfig {
		return name
	}
	if parent := filepath.Base(filepath.Dir(path)); lattice.CheckName(parent) == nil {
		return parent
	}
	return path
}

// SyntaxError is a text that cannot be read at all.
type SyntaxError struct {
	Path         string
	Line, Column int // from 1
	message      string
}

// Error says where and why, without the text.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.Path, e.Line, e.Column, e.message)
}

// Finding is the error in the form of a finding.
func (e *SyntaxError) Finding() lattice.Finding {
	return lattice.Finding{
		File: e.Path, Line: e.Line, Column: e.Column,
		Severity: lattice.SeverityError, Rule: hostenv.RuleSyntax, Message: e.message,
	}
}
