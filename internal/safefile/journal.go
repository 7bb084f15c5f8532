package safefile

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
)

// journalHeader opens a journal. Those of version 1 did not say which files they
// were made over, so nothing acts on one any more.
const journalHeader = "latch set 2\n"

// none stands for the digest of a file that is not there.
const none = "-"

// journalLimit is room for a name of each of many more files than a folder
// holds well, in bytes.
const journalLimit = 64 << 20

// writeJournal writes what is decided, a line each: verb, digests, name. It
// appears whole, under its name, or not at all.
func (s *Set) writeJournal() error {
	text := []byte(journalHeader)
	for _, op := range s.ops {
		text = fmt.Appendf(text, "%s %s %s %s\n", op.verb, cmp.Or(op.before, none), cmp.Or(op.after, none), op.name)
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
	for _, op := range ops {
		if op.verb == verbRemove && f.removable != nil && !f.removable(op.name) {
			err = errNoJournal
		}
	}
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
		op, ok := parseOperation(string(bytes.TrimSuffix(l, []byte("\n"))))
		if !ok {
			return nil, errNoJournal
		}
		ops = append(ops, op)
	}
	return ops, nil
}

func parseOperation(line string) (operation, bool) {
	fields := strings.SplitN(line, " ", 4)
	if len(fields) != 4 {
		return operation{}, false
	}
	op := operation{verb: fields[0], name: fields[3]}
	before, after := fields[1], fields[2]
	var isFile, wasFile bool
	op.before, wasFile = digestIn(before)
	op.after, isFile = digestIn(after)
	switch op.verb {
	case verbAdd:
		wasFile = before == none
	case verbRemove:
		isFile = after == none
	case verbReplace:
	default:
		return operation{}, false
	}
	dir, base, err := split(op.name)
	return op, wasFile && isFile && err == nil && dir == "." && base == op.name
}

// digestIn reads a digest; false where it is none.
func digestIn(text string) (string, bool) {
	sum, err := hex.DecodeString(text)
	if err != nil || len(sum) != sha256.Size {
		return "", false
	}
	return text, true
}

// errNoJournal: what it says is not acted upon.
var errNoJournal = errors.New("its journal was not written by this latch")
