package safefile

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
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

const (
	journalHeader = "latch set 1\n"
	journalLimit  = 64 << 20 // bytes: a name for each of many more files than a folder holds well
)

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
// name. It decides what is renamed and removed: one that others could have put
// there is not used, and a pipe in its place is not waited for.
func (f *folder) readJournal(name string) ([]operation, bool, error) {
	text, err := Read(filepath.Join(f.path, setFolder, name), Owned, journalLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, nil
	}
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
