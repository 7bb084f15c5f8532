package scan

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
)

// Git runs git in a repository.
type Git interface {
	// Output is what a command prints.
	Output(ctx context.Context, args ...string) ([]byte, error)
	// Pipe gives what a command prints while it runs; closing it waits for its end,
	// and tells whether it failed.
	Pipe(ctx context.Context, stdin io.Reader, args ...string) (io.ReadCloser, error)
}

// Tracked gives the files below a folder that git tracks or would take, and counts
// those that it ignores.
func (s *Scanner) Tracked(ctx context.Context, git Git, dir string, yield func(path string) bool) error {
	out, err := git.Output(ctx, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--deduplicate")
	if err != nil {
		return err
	}
	gone, err := git.Output(ctx, "ls-files", "-z", "--deleted")
	if err != nil {
		return err
	}
	deleted := map[string]bool{}
	for name := range names(gone) {
		deleted[name] = true
	}
	for name := range names(out) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if !deleted[name] && isRegular(path) && !yield(path) {
			return ctx.Err()
		}
	}
	ignored, err := git.Output(ctx, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory")
	if err != nil {
		return err
	}
	count := 0
	for range names(ignored) {
		count++
	}
	s.mu.Lock()
	s.coverage.Ignored += count
	s.mu.Unlock()
	return nil
}

// names are texts that end in a zero byte each.
func names(out []byte) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for name := range bytes.SplitSeq(out, []byte{0}) {
			if len(name) > 0 && !yield(string(name)) {
				return
			}
		}
	}
}

// History looks at every object that git has, also where no branch leads to it any
// more, once each. What git does not have is noted: a shallow or partial clone.
// With shallow nothing is noted.
func (s *Scanner) History(ctx context.Context, git Git, shallow bool) error {
	if !shallow {
		if err := s.noteGaps(ctx, git); err != nil {
			return err
		}
	}
	out, err := git.Pipe(ctx, nil, "cat-file", "--batch-all-objects", "--batch", "--buffer", "--unordered")
	if err != nil {
		return err
	}
	if err := s.objects(ctx, out, func(string) Place { return Place{} }); err != nil {
		_ = out.Close()
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	return s.locate(ctx, git)
}

// noteGaps notes why the history may not be whole.
func (s *Scanner) noteGaps(ctx context.Context, git Git) error {
	shallow, err := git.Output(ctx, "rev-parse", "--is-shallow-repository")
	if err != nil {
		return err
	}
	if strings.TrimSpace(string(shallow)) == "true" {
		s.unread("git history", "the clone is shallow: git fetch --unshallow gets the rest")
	}
	partial, err := git.Output(ctx, "config", "--get-regexp", `^remote\..*\.promisor$`)
	if err == nil && strings.Contains(string(partial), "true") {
		s.unread("git history", "the clone is partial: some objects are only on the server")
	}
	return nil
}

// objects looks at each object that `git cat-file --batch` prints. place says what is
// known of it by its name.
func (s *Scanner) objects(ctx context.Context, out io.Reader, place func(object string) Place) error {
	r := bufio.NewReaderSize(out, piece)
	w := newWindow()
	for ctx.Err() == nil {
		head, err := r.ReadString('\n')
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		object, kind, size, err := parseHead(head)
		if err != nil {
			return err
		}
		content := io.LimitReader(r, size)
		if kind != "tree" {
			at := place(object)
			at.Object = object
			if err := s.read(ctx, w, content, at, size); err != nil {
				return err
			}
		}
		if _, err := io.Copy(io.Discard, content); err != nil {
			return err
		}
		if _, err := r.Discard(1); err != nil { // a line end
			return err
		}
	}
	return ctx.Err()
}

// parseHead reads the line that stands before an object.
func parseHead(line string) (object, kind string, size int64, err error) {
	fields := strings.Fields(line)
	if len(fields) == 3 {
		size, err = strconv.ParseInt(fields[2], 10, 64)
	}
	if len(fields) != 3 || err != nil {
		return "", "", 0, fmt.Errorf("git said %q where an object was to come", strings.TrimSpace(line))
	}
	return fields[0], fields[1], size, nil
}

// Staged looks at what the next commit would add, as it stands in the index, and
// tells how many files that is.
func (s *Scanner) Staged(ctx context.Context, git Git) (files int, err error) {
	out, err := git.Output(ctx, "diff", "--cached", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--diff-filter=d")
	if err != nil {
		return 0, err
	}
	paths, ask := map[string]string{}, &bytes.Buffer{}
	for object, path := range raw(out) {
		paths[object] = path
		fmt.Fprintln(ask, object)
		files++
	}
	if files == 0 {
		return 0, nil
	}
	pipe, err := git.Pipe(ctx, ask, "cat-file", "--batch", "--buffer")
	if err != nil {
		return 0, err
	}
	err = s.objects(ctx, pipe, func(object string) Place { return Place{File: paths[object]} })
	if closed := pipe.Close(); err == nil {
		err = closed
	}
	if read := s.Coverage().Objects; err == nil && read < len(paths) {
		err = fault.New(fault.Unavailable, "%d files are staged, and %d were read", files, read)
	}
	return files, err
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
