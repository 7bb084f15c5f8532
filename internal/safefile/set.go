package safefile

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
)

// File is one of the files that WriteAll writes together.
type File struct {
	Path   string
	Data   []byte
	Access Access
}

// WriteAll writes a whole set of files as Write does each. All are staged
// before the first gets its name; nothing is touched where staging fails or ctx
// ends before that. Where a renaming fails midway, those done are put back.
// changed lists the paths written, in the order given; files already as wanted
// are untouched.
func WriteAll(ctx context.Context, files []File) (changed []string, err error) {
	return Disk{}.WriteAll(ctx, files)
}

// WriteAll is WriteAll on this disk.
func (d Disk) WriteAll(ctx context.Context, files []File) ([]string, error) {
	s := &set{Disk: d, folders: map[string]*folder{}}
	defer s.close()
	if err := s.stage(ctx, files); err != nil {
		return nil, err
	}
	if err := s.keepOld(); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, notWritten(err)
	}
	if err := s.rename(); err != nil {
		return nil, err
	}
	return s.changed(), s.sync()
}

func notWritten(err error) error { return fmt.Errorf("nothing was written: %w", err) }

// set is a set of files on its way to the disk.
type set struct {
	Disk
	folders map[string]*folder // by path
	staged  []*staged          // what differs from the disk, in the order given
}

func (s *set) stage(ctx context.Context, files []File) error {
	seen := map[string]bool{}
	for _, file := range files {
		if err := ctx.Err(); err != nil {
			return notWritten(err)
		}
		path := filepath.Clean(file.Path)
		if seen[path] {
			return failed("write", path, errors.New("it is named twice in one set"))
		}
		seen[path] = true
		if err := s.stageOne(file); err != nil {
			return err
		}
	}
	return nil
}

func (s *set) stageOne(file File) error {
	dir, base, err := split(file.Path)
	if err != nil {
		return err
	}
	f, err := s.folder(dir, file.Access)
	if err != nil {
		return err
	}
	if done, err := f.upToDate(base, file.Data, file.Access); done || err != nil {
		return err
	}
	staged, err := f.stage(base, file.Data, file.Access.mode())
	if err != nil {
		return err
	}
	staged.given = file.Path
	s.staged = append(s.staged, staged)
	return nil
}

// folder opens each folder once, and judges it for every access asked for.
func (s *set) folder(dir string, access Access) (*folder, error) {
	if f, ok := s.folders[dir]; ok {
		return f, f.judge(access)
	}
	f, err := s.openFolder(dir, access)
	if err == nil {
		s.folders[dir] = f
	}
	return f, err
}

// keepOld gives the files that are to be replaced a second name. The last one
// needs none: when its renaming fails it has not been replaced.
func (s *set) keepOld() error {
	for _, staged := range s.staged[:max(len(s.staged)-1, 0)] {
		if err := staged.keepOld(); err != nil {
			return err
		}
	}
	return nil
}

func (s *set) rename() error {
	for i, staged := range s.staged {
		if err := staged.replace(); err != nil {
			return errors.Join(append([]error{err}, putBack(s.staged[:i])...)...)
		}
	}
	return nil
}

func putBack(done []*staged) []error {
	var errs []error
	for _, staged := range done {
		if err := staged.putBack(); err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

func (s *set) sync() error {
	for _, f := range s.folders {
		if err := f.sync(); err != nil {
			return err
		}
	}
	return nil
}

func (s *set) changed() []string {
	var paths []string
	for _, staged := range s.staged {
		paths = append(paths, staged.given)
	}
	return paths
}

func (s *set) close() {
	for _, staged := range s.staged {
		staged.discard()
	}
	for _, f := range s.folders {
		f.close()
	}
}
