package safefile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/latch-keys/latch/internal/safefile/system"
)

// Write replaces the file at path by data, atomically, or creates it. A Shared
// file that is there keeps its owner, its group and its mode. It reports false and
// leaves the file untouched, its times too, where bytes and mode are already as
// wanted. Errors: a *Refusal, or the system's cause.
func Write(path string, data []byte, access Access) (changed bool, err error) {
	return Disk{}.Write(path, data, access)
}

// Write is Write on this disk.
func (d Disk) Write(path string, data []byte, access Access) (bool, error) {
	dir, base, err := splitForWriting(path)
	if err != nil {
		return false, err
	}
	f, err := d.openFolder(dir, access)
	if err != nil {
		return false, err
	}
	defer f.close()
	if state, err := f.compare(base, data, access); state == same || err != nil {
		return false, err
	}
	s, err := f.stage(base, data, access.mode())
	if err != nil {
		return false, err
	}
	if access == Shared {
		err = s.adopt()
	}
	if err == nil {
		err = s.replace()
	}
	s.discard()
	if err != nil {
		return false, err
	}
	return true, f.keep(base)
}

// Create writes a file whose name must be new: fs.ErrExist where it is taken,
// by whatever. Of several processes that create one name, one succeeds; a file
// system with neither exclusive renaming nor hard links cannot promise that, there it is very likely.
func Create(path string, data []byte, access Access) error {
	return Disk{}.Create(path, data, access)
}

// Create is Create on this disk.
func (d Disk) Create(path string, data []byte, access Access) error {
	dir, base, err := splitForWriting(path)
	if err != nil {
		return err
	}
	f, err := d.openFolder(dir, access)
	if err != nil {
		return err
	}
	defer f.close()
	return f.create(base, data, access)
}

// CreateBy is Create for what need not fit into memory: write is given the file
// before it has its name, which it gets only if write succeeds.
func CreateBy(path string, access Access, write func(io.Writer) error) error {
	dir, base, err := splitForWriting(path)
	if err != nil {
		return err
	}
	f, err := Disk{}.openFolder(dir, access)
	if err != nil {
		return err
	}
	defer f.close()
	return f.createBy(base, access, write)
}

func (f *folder) create(base string, data []byte, access Access) error {
	return f.createBy(base, access, func(w io.Writer) error { _, err := w.Write(data); return err })
}

func (f *folder) createBy(base string, access Access, write func(io.Writer) error) error {
	if err := f.vacant(base); err != nil {
		return err
	}
	s, err := f.stageBy(base, access.mode(), write)
	if err != nil {
		return err
	}
	err = s.place()
	s.discard()
	if err != nil {
		return err
	}
	return f.keep(base)
}

// keep makes a file last that has got its name.
func (f *folder) keep(base string) error {
	if err := f.sync(); err != nil {
		return inPlace(fmt.Errorf("%s is written, and may not last: %w", filepath.Join(f.path, base), err))
	}
	return nil
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
		err = system.RenameExclusive(s.root, s.temp, s.base)
	}
	if errors.Is(err, system.ErrNoExclusive) {
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

// likeness is how a file compares with what it is to be.
type likeness int

const (
	absent likeness = iota
	different
	same
)

// Same reports whether the file at path already is what Write would make it. It
// refuses what is no regular file.
func Same(path string, data []byte, access Access) (bool, error) {
	dir, base, err := split(path)
	if err != nil {
		return false, err
	}
	state, err := (&folder{path: dir}).compare(base, data, access)
	return state == same, err
}

// compare holds the bytes and mode of a file against those wanted. It refuses
// what is no regular file.
func (f *folder) compare(base string, data []byte, access Access) (likeness, error) {
	path := filepath.Join(f.path, base)
	info, err := f.lstat(base)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return absent, nil
	case err != nil:
		return absent, failed("look at", path, err)
	}
	if err := judgeRegular(path, info); err != nil {
		return different, err
	}
	if info.Size() != int64(len(data)) || !asWanted(info, access) {
		return different, nil
	}
	if f.holds(base, data) {
		return same, nil
	}
	return different, nil
}

// holds reports whether a file of the data's size holds the data.
func (f *folder) holds(base string, data []byte) bool {
	file, err := f.open(base)
	if err != nil {
		return false
	}
	defer func() { _ = file.Close() }()
	old := make([]byte, len(data))
	defer clear(old)
	_, err = io.ReadFull(file, old)
	return err == nil && bytes.Equal(old, data)
}

// Through gives the file that a symbolic link leads to, for an edit in its place:
// only where link and file are our own, and nobody else owns what lies between. Any
// other path is given back as it is, for Write to judge.
func Through(path string) string {
	link, err := os.Lstat(path)
	if err != nil || link.Mode()&fs.ModeSymlink == 0 || !ownedByUs(link) {
		return path
	}
	aim, err := filepath.EvalSymlinks(path)
	if err != nil || JudgeWay(path) != nil {
		return path
	}
	if file, err := os.Lstat(aim); err != nil || !ownedByUs(file) {
		return path
	}
	return aim
}
