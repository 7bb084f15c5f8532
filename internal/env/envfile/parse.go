package envfile

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/latch-keys/latch/internal/lattice"
)

// Parse reads a file's text; path says which file, for names and places. reading
// is for env files; nil guesses it. JSON and YAML are known by their extension.
// The text stays the caller's to clear. The error is a *SyntaxError: the text is
// not what its extension says.
func Parse(path string, text []byte, reading Reading) ([]Host, error) {
	switch formOf(path) {
	case jsonForm:
		return parseJSON(path, text)
	case yamlForm:
		return parseYAML(path, text)
	case foreignForm:
		return nil, &SyntaxError{path, 1, 1, "latch does not read files of this kind; it reads env files, JSON and YAML"}
	}
	if reading == nil {
		reading = guess(path, text)
	}
	h := Host{Name: nameOf(path), Path: path, Line: 1, ReadBy: reading.Name()}
	h.adopt(text)
	reading.read(&h, text)
	h.inspect()
	return []Host{h}, nil
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
		Severity: lattice.SeverityError, Rule: RuleSyntax, Message: e.message,
	}
}
