package safefile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// operation is what a set does to one file.
type operation struct{ verb, name string }

// The verbs of the journal.
const (
	verbAdd     = "add"
	verbReplace = "replace"
	verbRemove  = "remove"
)

const journalHeader = "latch set 1\n"

// writeJournal writes what is decided: names only, a line each. It appears whole,
// under its name, or not at all.
func (s *Set) writeJournal() error {
	text := []byte(journalHeader)
	for _, op := range s.ops {
		text = fmt.Appendf(text, "%s %s\n", op.verb, op.name)
	}
	const temp = journalName + ".tmp"
	if err := s.at(stepJournal, s.path); err != nil {
		return err
	}
	file, err := openNew(s.staging, temp, Private.mode())
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return err
	}
	if err := s.at(stepDecide, s.path); err != nil {
		return err
	}
	return s.staging.Rename(temp, journalName)
}

// readJournal gives a journal's operations; false where there is none of that
// name.
func (f *folder) readJournal(name string) ([]operation, bool, error) {
	path := filepath.Join(setFolder, name)
	file, err := f.root.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(file)
	if err != nil {
		return nil, false, err
	}
	ops, err := parseJournal(text)
	return ops, err == nil, err
}

// parseJournal takes nothing that writeJournal would not have written: names
// from a file decide what is renamed and removed.
func parseJournal(text []byte) ([]operation, error) {
	body, ok := bytes.CutPrefix(text, []byte(journalHeader))
	if !ok || len(body) > 0 && body[len(body)-1] != '\n' {
		return nil, errNoJournal
	}
	var ops []operation
	for l := range bytes.Lines(body) {
		verb, name, _ := bytes.Cut(bytes.TrimSuffix(l, []byte("\n")), []byte(" "))
		op := operation{string(verb), string(name)}
		known := op.verb == verbAdd || op.verb == verbReplace || op.verb == verbRemove
		if dir, base, err := split(op.name); err != nil || !known || dir != "." || base != op.name {
			return nil, errNoJournal
		}
		ops = append(ops, op)
	}
	return ops, nil
}

var errNoJournal = errors.New("its journal was not written by latch")
