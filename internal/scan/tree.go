package scan

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/latch-keys/latch/internal/safefile"
)

// Reader looks at a stream, such as standard input or a log.
func (s *Scanner) Reader(ctx context.Context, name string, r io.Reader) error {
	w := newWindow()
	defer w.wipe()
	return s.stream(ctx, w, r, Place{File: name})
}

// stream looks at what can be read once. That nothing comes is noted: whoever was to
// write it may have failed.
func (s *Scanner) stream(ctx context.Context, w *window, r io.Reader, at Place) error {
	came := &consuming{Reader: r}
	err := s.read(ctx, w, came, at, 0)
	if err == nil && came.bytes == 0 && came.ended {
		s.unread(nameOf(at), "nothing came")
	}
	return err
}

// read looks at a file or an object and counts it. What is amiss with it is noted;
// an error ends the whole. The size is 0 where it is not known.
func (s *Scanner) read(ctx context.Context, w *window, r io.Reader, at Place, size int64) error {
	var read int64
	known := func() int64 { return size }
	if size == 0 {
		consumed := &consuming{Reader: r}
		r, known = consumed, func() int64 { return consumed.bytes }
	}
	err := job{Scanner: s, window: w, size: known, read: &read}.enter(ctx, r, at)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		s.unread(nameOf(at), err.Error())
	}
	if at.Object != "" {
		s.count(0, 1, read)
	} else {
		s.count(1, 0, read)
	}
	return nil
}

// consuming counts what was read of a stream.
type consuming struct {
	io.Reader

	bytes int64
	ended bool
}

// Read reads on.
func (c *consuming) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.bytes += int64(n)
	c.ended = c.ended || err == io.EOF
	return n, err
}

func nameOf(at Place) string {
	if at.File == "" {
		return "object " + at.Object
	}
	return at.File
}

// Files looks at files by their paths, several at once.
func (s *Scanner) Files(ctx context.Context, paths func(yield func(path string) bool)) error {
	queue := make(chan string, 64)
	var workers sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			w := newWindow()
			defer w.wipe()
			for path := range queue {
				s.file(ctx, w, path)
			}
		})
	}
	paths(func(path string) bool {
		select {
		case queue <- path:
			return true
		case <-ctx.Done():
			return false
		}
	})
	close(queue)
	workers.Wait()
	return ctx.Err()
}

func (s *Scanner) file(ctx context.Context, w *window, path string) {
	file, err := safefile.Stream(path)
	if err != nil {
		s.Miss(path, err)
		return
	}
	defer func() { _ = file.Close() }()
	if file.Regular() {
		_ = s.read(ctx, w, file, Place{File: path}, file.Size())
		return
	}
	_ = s.stream(ctx, w, file, Place{File: path})
}

// Walk gives the regular files below a folder; what git keeps of its own is left
// out, and read by History. A folder that cannot be read is noted.
func (s *Scanner) Walk(ctx context.Context, dir string, yield func(path string) bool) {
	_ = filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return filepath.SkipAll
		case err != nil:
			s.Miss(path, err)
			return nil
		case entry.IsDir() && entry.Name() == ".git" && path != dir:
			return filepath.SkipDir
		case entry.Type().IsRegular() && !yield(path):
			return filepath.SkipAll
		}
		return nil
	})
}

// Miss notes what could not be looked at.
func (s *Scanner) Miss(name string, err error) {
	var path *fs.PathError
	if errors.As(err, &path) { // the name is said beside it
		err = path.Err
	}
	s.unread(name, err.Error())
}
