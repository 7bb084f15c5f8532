package safefile

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// keepOld gives the file that s is to replace a second name, so that it can be
// put back.
func (s *staged) keepOld() error {
	if err := s.at(stepKeep, s.target()); err != nil {
		return failed("keep the old", s.target(), err)
	}
	info, err := s.root.Lstat(s.base)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		s.kept, err = s.secondName(info.Mode().Perm())
	}
	if err != nil {
		return failed("keep the old", s.target(), err)
	}
	return nil
}

// secondName is a link, or a copy on file systems without links and of files
// that are not ours to link.
func (s *staged) secondName(mode fs.FileMode) (*staged, error) {
	old := &staged{folder: s.folder, base: s.base, temp: newName()}
	err := s.at(stepKeepLink, s.target())
	if err == nil {
		err = s.root.Link(s.base, old.temp)
	}
	if linksUnsupported(err) {
		return s.copyOld(mode)
	}
	if err != nil {
		return nil, err
	}
	old.holdLink()
	return old, nil
}

// holdLink keeps sweeping processes from taking the second name for abandoned.
func (s *staged) holdLink() {
	file, err := s.root.OpenFile(s.temp, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return // nor can another process of ours open it, to sweep it
	}
	s.file = file
	hold(file)
}

func (s *staged) copyOld(mode fs.FileMode) (*staged, error) {
	data, err := s.root.ReadFile(s.base)
	if err != nil {
		return nil, err
	}
	defer clear(data)
	return s.stage(s.base, data, mode)
}

// putBack undoes replace.
func (s *staged) putBack() error {
	if s.kept != nil {
		return s.kept.replace()
	}
	if err := s.root.Remove(s.base); err != nil {
		return failed("take back", s.target(), err)
	}
	return nil
}
