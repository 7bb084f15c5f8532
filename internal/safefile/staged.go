package safefile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/safefile/system"
)

// stagedPrefix opens the name of every file that waits for its final name.
const stagedPrefix = ".latch-tmp-"

// openTries bounds how often a staged file is made anew.
const openTries = 8

// staged is a new file, whole and synced, beside the name it is to get.
type staged struct {
	*folder
	base string   // the final name
	temp string   // the name until then
	file *os.File // held open, to tell it from what killed runs leave behind
}

func (s *staged) target() string { return filepath.Join(s.path, s.base) }

// stage writes data beside base.
func (f *folder) stage(base string, data []byte, mode fs.FileMode) (*staged, error) {
	return f.stageBy(base, mode, func(w io.Writer) error { _, err := w.Write(data); return err })
}

// stageBy writes beside base what a function writes.
func (f *folder) stageBy(base string, mode fs.FileMode, write func(io.Writer) error) (*staged, error) {
	s := &staged{folder: f, base: base}
	if err := s.open(mode); err != nil {
		return nil, failed("write", s.target(), err)
	}
	if err := s.fill(write, mode); err != nil {
		s.discard()
		return nil, failed("write", s.target(), err)
	}
	return s, nil
}

// open makes the file under a new name. It starts over where another process
// swept the file between its making and its being held.
func (s *staged) open(mode fs.FileMode) error {
	if err := s.at(stepStage, s.target()); err != nil {
		return err
	}
	for range openTries {
		s.temp = newName()
		file, err := openNew(s.root, s.temp, mode)
		switch {
		case errors.Is(err, fs.ErrExist):
			continue
		case err != nil:
			return err
		}
		s.file = file
		if system.Hold(file) && s.isThere() {
			return nil
		}
		s.discard()
	}
	return errors.New("other processes keep removing the staged file")
}

// newName need not be secret: the file is made with O_EXCL.
func newName() string { return fmt.Sprintf("%s%016x", stagedPrefix, rand.Uint64()) }

func (s *staged) isThere() bool {
	held, err := s.file.Stat()
	if err != nil {
		return false
	}
	named, err := s.root.Lstat(s.temp)
	return err == nil && os.SameFile(held, named)
}

func (s *staged) fill(write func(io.Writer) error, mode fs.FileMode) error {
	if err := s.at(stepFill, s.target()); err != nil {
		return err
	}
	if err := write(s.file); err != nil {
		return err
	}
	// The umask may have narrowed the mode at creation, never widened it.
	if err := s.file.Chmod(mode); err != nil {
		return err
	}
	if err := s.at(stepSync, s.target()); err != nil {
		return err
	}
	return s.file.Sync()
}

// adopt gives the file the owner, the group and the mode of the one that it is to
// replace, if there is one: whoever edits it as root does not take it away.
func (s *staged) adopt() error {
	old, err := s.root.Lstat(s.base)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = keepOwner(s.file, old)
	}
	if err == nil {
		err = s.file.Chmod(old.Mode().Perm())
	}
	if err != nil {
		return fault.Hint(failed("keep owner, group and mode of", s.target(), err), "edit it as the user it belongs to: ls -l %s", s.target())
	}
	return nil
}

// replace gives the file its final name, over whatever has it.
func (s *staged) replace() error {
	if err := s.at(stepRename, s.target()); err != nil {
		return failed("write", s.target(), err)
	}
	system.LetGo(s.file)
	if err := s.root.Rename(s.temp, s.base); err != nil {
		return failed("write", s.target(), err)
	}
	return nil
}

// discard removes the file, if it still has its first name.
func (s *staged) discard() {
	if s.file != nil {
		_ = s.file.Close()
	}
	if s.at(stepTidy, s.target()) == nil {
		_ = s.root.Remove(s.temp)
	}
}
