package scan

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// leftOut marks a file, in what `git ls-files -t` prints, that a sparse checkout
// leaves out.
const leftOut = "S"

// Staged looks at what the next commit would add, as it stands in the index, and
// tells how many files that is.
func (s *Scanner) Staged(ctx context.Context, git Git) (int, error) {
	out, err := git.Output(ctx, "diff", "--cached", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-relative", "--diff-filter=d")
	if err != nil {
		return 0, err
	}
	var files []entry
	for object, path := range raw(out) {
		files = append(files, entry{object, Place{File: path, Object: object}})
	}
	return len(files), s.indexed(ctx, git, files)
}

// sparse looks at the files below a folder that a sparse checkout leaves out of it.
func (s *Scanner) sparse(ctx context.Context, git Git, dir string) error {
	const object, submodule = 2, "160000"
	out, err := git.Output(ctx, "ls-files", "-z", "-t", "--stage")
	if err != nil {
		return err
	}
	var files []entry
	for line := range names(out) {
		head, name, _ := strings.Cut(line, "\t")
		if fields := strings.Fields(head); len(fields) > object && fields[0] == leftOut && fields[1] != submodule {
			files = append(files, entry{fields[object], Place{File: filepath.Join(dir, filepath.FromSlash(name))}})
		}
	}
	return s.indexed(ctx, git, files)
}

// entry is a file of the index, and how its place is told.
type entry struct {
	object string
	at     Place
}

// indexed looks at files as they stand in the index.
func (s *Scanner) indexed(ctx context.Context, git Git, files []entry) error {
	for len(files) > 0 {
		ask, told := &bytes.Buffer{}, 0
		for _, file := range files {
			fmt.Fprintln(ask, file.object)
		}
		err := s.batch(ctx, git, ask, func(string) Place {
			told++
			return files[told-1].at
		})
		if cut := (*cutShort)(nil); errors.As(err, &cut) && told > 0 {
			s.unread(nameOf(files[told-1].at), cut.Error())
			files = files[told:]
			continue
		}
		if err == nil && told < len(files) {
			err = fmt.Errorf("%d files are to be read, and git gave %d", len(files), told)
		}
		return s.goOn(ctx, "git index", err)
	}
	return nil
}

// raw gives the new object and the path of each change that git lists, but for
// those of submodules.
func raw(out []byte) func(yield func(object, path string) bool) {
	const newMode, newObject, submodule = 1, 3, "160000"
	return func(yield func(object, path string) bool) {
		var fields []string
		for name := range names(out) {
			if head, is := strings.CutPrefix(name, ":"); is && fields == nil {
				fields = strings.Fields(head)
				continue
			}
			if len(fields) > newObject && fields[newMode] != submodule && !yield(fields[newObject], name) {
				return
			}
			fields = nil
		}
	}
}
