package safefile

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/latch-keys/latch/internal/safefile/system"
)

// Set is a change of several Private files in one folder, made whole or not at
// all. What is Put or Removed waits beside the folder's files until Commit. A
// process killed before Commit has begun to rename has changed nothing; after
// that, OpenSet or Settle finishes what it began.
type Set struct {
	*folder
	end     func() // what else ends with it
	ops     []operation
	named   map[string]bool // by name, in lower case
	staging *os.Root        // the folder of what waits; nil until something does
	synced  int             // how many files were synced one by one
	settled Settled
}

// setFolder is where a set waits, and its journal. It is .latch-set/new for
// files to come, .latch-set/old for those they replace.
const (
	setFolder   = ".latch-set"
	newFolder   = "new"
	oldFolder   = "old"
	journalName = "journal"
	undoName    = "undo"
)

// OpenSet begins a change of the folder, which must exist. It waits for other
// sets of the folder as Lock does, and settles what a killed one left.
func OpenSet(ctx context.Context, dir string) (*Set, error) {
	held, err := Disk{}.Hold(ctx, dir, nil)
	if err != nil {
		return nil, err
	}
	s := held.Set()
	s.end = held.Release
	return s, nil
}

// Settled says what OpenSet found left by a killed process.
func (s *Set) Settled() Settled { return s.settled }

// Put stages a file, unless the one of that name holds the data already, with
// the mode it is to have: then it stays untouched, and changed is false.
func (s *Set) Put(name string, data []byte) (changed bool, err error) {
	if err := s.take(name); err != nil {
		return false, err
	}
	state, err := s.compare(name, data, Private)
	if err != nil || state == same {
		return false, err
	}
	if err := s.stage(name, data); err != nil {
		return false, failed("write", filepath.Join(s.path, name), err)
	}
	op := operation{verb: verbAdd, name: name, after: digestOf(data)}
	if state == different {
		op.verb = verbReplace
		if op.before, err = s.digest(name); err != nil {
			return false, failed("look at", filepath.Join(s.path, name), err)
		}
	}
	s.ops = append(s.ops, op)
	return true, nil
}

// Remove has the set remove a regular file: fs.ErrNotExist where there is none.
func (s *Set) Remove(name string) error {
	if err := s.take(name); err != nil {
		return err
	}
	path := filepath.Join(s.path, name)
	info, err := s.root.Lstat(name)
	if err != nil {
		return failed("remove", path, err)
	}
	if err := judgeRegular(path, info); err != nil {
		return err
	}
	before, err := s.digest(name)
	if err == nil {
		err = s.open()
	}
	if err != nil {
		return failed("remove", path, err)
	}
	s.ops = append(s.ops, operation{verb: verbRemove, name: name, before: before})
	return nil
}

// take refuses a name that is none, and one that the set has already: two that
// differ by case only may be one file.
func (s *Set) take(name string) error {
	path := filepath.Join(s.path, name)
	_, base, err := split(path)
	if err != nil || base != name || strings.ContainsAny(name, "\r\n") || strings.HasPrefix(name, setFolder) {
		return failed("use", path, errors.New("this does not name a file of the folder"))
	}
	if folded := strings.ToLower(name); s.named[folded] {
		return failed("write", path, errors.New("it is named twice in one set"))
	}
	s.named[strings.ToLower(name)] = true
	return nil
}

// open makes the folders of what waits.
func (s *Set) open() error {
	if s.staging != nil {
		return nil
	}
	for _, name := range []string{setFolder, filepath.Join(setFolder, newFolder), filepath.Join(setFolder, oldFolder)} {
		if err := s.at(stepMakeDir, filepath.Join(s.path, name)); err != nil {
			return err
		}
		if err := s.root.Mkdir(name, 0o700); err != nil {
			return err
		}
	}
	staging, err := s.root.OpenRoot(setFolder)
	s.staging = staging
	return err
}

// stage writes a file that waits.
func (s *Set) stage(name string, data []byte) error {
	if err := s.open(); err != nil {
		return err
	}
	return s.write(filepath.Join(newFolder, name), data)
}

func (s *Set) write(path string, data []byte) (err error) {
	if err := s.at(stepStage, path); err != nil {
		return err
	}
	file, err := openNew(s.staging, path, Private.mode())
	if err != nil {
		return err
	}
	defer func() {
		if closing := file.Close(); err == nil {
			err = closing
		}
	}()
	if err := s.at(stepFill, path); err != nil {
		return err
	}
	if _, err := file.Write(data); err != nil {
		return err
	}
	if err := file.Chmod(Private.mode()); err != nil { // the umask may have narrowed it
		return err
	}
	return s.syncOne(file)
}

// fewFiles is how many files of a set are synced one by one. Where the system
// can sync all that was written at once, that is faster for many.
const fewFiles = 16

func (s *Set) syncOne(file *os.File) error {
	if system.SyncsAll && s.synced >= fewFiles {
		return nil
	}
	s.synced++
	if err := s.at(stepSync, file.Name()); err != nil {
		return err
	}
	return file.Sync()
}

// Close ends the set; what was not committed leaves no trace.
func (s *Set) Close() {
	if s.staging != nil {
		_ = s.staging.Close()
	}
	if s.at(stepTidy, s.path) == nil {
		_ = s.discardSet()
	}
	s.end()
}

// discardSet removes what waits, unless a journal says that it is still needed.
func (f *folder) discardSet() error {
	for _, name := range []string{journalName, undoName} {
		if _, err := f.root.Lstat(filepath.Join(setFolder, name)); err == nil {
			return nil
		}
	}
	if err := f.root.RemoveAll(setFolder); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("failed to remove %s: %w", filepath.Join(f.path, setFolder), cause(err))
	}
	return nil
}
