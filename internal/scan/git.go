package scan

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Git runs git in a repository.
type Git interface {
	// Output is what a command prints.
	Output(ctx context.Context, args ...string) ([]byte, error)
	// OutputAndWarnings is what a command prints, and what it says beside that.
	OutputAndWarnings(ctx context.Context, args ...string) (out []byte, warnings []string, err error)
	// Pipe gives what a command prints while it runs; closing it waits for its end,
	// and tells whether it failed.
	Pipe(ctx context.Context, stdin io.Reader, args ...string) (io.ReadCloser, error)
}

// Tracked gives the files below a folder that git tracks or would take, and counts
// those that it ignores. What a sparse checkout leaves out of the folder is read as it
// stands in the index.
func (s *Scanner) Tracked(ctx context.Context, git Git, dir string, yield func(path string) bool) error {
	out, warnings, err := git.OutputAndWarnings(ctx, "ls-files", "-z", "-t", "--cached", "--others", "--exclude-standard", "--deduplicate")
	if err != nil {
		return err
	}
	for _, warning := range warnings { // the other ones hide nothing
		if strings.HasPrefix(warning, "could not open directory") {
			s.unread(dir, "git "+warning)
		}
	}
	sparse := false
	for tagged := range names(out) {
		tag, name, _ := strings.Cut(tagged, " ")
		sparse = sparse || tag == leftOut
		path := filepath.Join(dir, filepath.FromSlash(name))
		if s.toBeRead(path) && !yield(path) {
			return ctx.Err()
		}
	}
	if sparse {
		if err := s.sparse(ctx, git, dir); err != nil {
			return err
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

// toBeRead tells whether a file is there that has an end. One that cannot be told is
// noted; one that was deleted is not.
func (s *Scanner) toBeRead(path string) bool {
	info, err := os.Lstat(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTDIR) {
		s.Miss(path, err)
	}
	return err == nil && info.Mode().IsRegular()
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
// more, once each. What git does not have, or cannot read, is noted; with shallow not
// what a shallow or partial clone leaves out on purpose.
func (s *Scanner) History(ctx context.Context, git Git, shallow bool) error {
	if err := s.noteGaps(ctx, git, shallow); err != nil {
		return err
	}
	if err := s.goOn(ctx, "git history", s.every(ctx, git)); err != nil {
		return err
	}
	return s.locate(ctx, git)
}

// goOn notes why git could not give all of something, and keeps what was found; only
// the end of the whole is an error.
func (s *Scanner) goOn(ctx context.Context, what string, err error) error {
	if err != nil && ctx.Err() == nil {
		s.unread(what, err.Error())
	}
	return ctx.Err()
}

// noteGaps notes why the history may not be whole.
func (s *Scanner) noteGaps(ctx context.Context, git Git, shallow bool) error {
	is, err := git.Output(ctx, "rev-parse", "--is-shallow-repository")
	if err != nil {
		return err
	}
	if !shallow && strings.TrimSpace(string(is)) == "true" {
		s.unread("git history", "the clone is shallow: git fetch --unshallow gets the rest")
	}
	partial, err := git.Output(ctx, "config", "--get-regexp", `^remote\..*\.promisor$`)
	if err == nil && !shallow && strings.Contains(string(partial), "true") {
		s.unread("git history", "the clone is partial: some objects are only on the server")
	}
	// That every object is there which a branch leads to, git tells without unpacking files.
	_, err = git.Output(ctx, "rev-list", "--objects", "--all", "--quiet", "--missing=allow-promisor")
	return s.goOn(ctx, "git history", err)
}
