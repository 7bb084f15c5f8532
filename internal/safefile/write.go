package safefile

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path/filepath"
)

// Write replaces the file at path by data, atomically, or creates it. It
// reports false and leaves the file untouched, its times too, where bytes and
// mode are already as wanted. Errors: a *Refusal, or the system's cause.
func Write(path string, data []byte, access Access) (changed bool, err error) {
	return Disk{}.Write(path, data, access)
}

// Write is Write on this disk.
func (d Disk) Write(path string, data []byte, access Access) (bool, error) {
	changed, err := d.WriteAll(context.Background(), []File{{Path: path, Data: data, Access: access}})
	return len(changed) > 0, err
}

// Create writes a file whose name must be new: fs.ErrExist where it is taken,
// by whatever. Of several processes that create one name, one succeeds; a file
// system with neither exclusive renaming nor hard links cannot promise that, there it is very likely.
func Create(path string, data []byte, access Access) error {
	return Disk{}.Create(path, data, access)
}

// Create is Create on this disk.
func (d Disk) Create(path string, data []byte, access Access) error {
	dir, base, err := split(path)
	if err != nil {
		return err
	}
	f, err := d.openFolder(dir, access)
	if err != nil {
		return err
	}
	defer f.close()
	if err := f.vacant(base); err != nil {
		return err
	}
	s, err := f.stage(base, data, access.mode())
	if err != nil {
		return err
	}
	err = s.place()
	s.discard()
	if err != nil {
		return err
	}
	return f.sync()
}

// vacant reports fs.ErrExist where the name is taken.
func (f *folder) vacant(base string) error {
	switch _, err := f.root.Lstat(base); {
	case err == nil:
		return failed("create", filepath.Join(f.path, base), fs.ErrExist)
	case !errors.Is(err, fs.ErrNotExist):
		return failed("create", filepath.Join(f.path, base), err)
	}
	return nil
}

// place gives the file its final name unless that is taken.
func (s *staged) place() error {
	err := s.at(stepLink, s.target())
	if err == nil {
		err = renameExclusive(s.root, s.temp, s.base)
	}
	if errors.Is(err, errNoExclusive) {
		err = s.root.Link(s.temp, s.base)
	}
	if !linksUnsupported(err) {
		if err != nil {
			return failed("create", s.target(), err)
		}
		return nil
	}
	if err := s.vacant(s.base); err != nil {
		return err
	}
	return s.replace()
}

// linksUnsupported: FAT and some network file systems say EPERM.
func linksUnsupported(err error) bool {
	return errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrPermission)
}

// upToDate reports whether base already holds data as wanted. It refuses what
// is no regular file.
func (f *folder) upToDate(base string, data []byte, access Access) (bool, error) {
	path := filepath.Join(f.path, base)
	info, err := f.root.Lstat(base)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, failed("look at", path, err)
	}
	if err := judgeRegular(path, info); err != nil {
		return false, err
	}
	if info.Size() != int64(len(data)) || !asWanted(info, access) {
		return false, nil
	}
	old, err := f.root.ReadFile(base)
	defer clear(old)
	return err == nil && bytes.Equal(old, data), nil
}
