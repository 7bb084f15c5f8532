package scancmd

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/scan"
	"github.com/latch-keys/latch/internal/terminal"
)

const stdin = "-"

// staged reads the next commit of the repository that a path lies in.
func (a verbs) staged(ctx context.Context, s *scan.Scanner, o options) error {
	dir := "."
	if len(o.paths) > 1 {
		return fault.New(fault.Usage, "--staged is about one repository, and %d paths are given", len(o.paths)).WithHint("latch scan --help")
	}
	if len(o.paths) == 1 {
		dir = o.paths[0]
	}
	_, err := s.Staged(ctx, a.Git(dir).InHook())
	return err
}

// look reads files, folders and standard input, and with --git the repositories that
// the files and folders lie in.
func (a verbs) look(ctx context.Context, s *scan.Scanner, o options) error {
	paths := o.paths
	if len(paths) == 0 {
		paths = []string{"."}
	}
	if o.git && !slices.ContainsFunc(paths, func(path string) bool { return path != stdin }) {
		return fault.New(fault.Usage, "--git reads the repository that a path lies in, and standard input lies in none").WithHint("latch scan --git . -")
	}
	err := s.Files(ctx, func(yield func(string) bool) {
		if len(paths) > 1 {
			yield = once(yield)
		}
		for _, path := range paths {
			if err := a.below(ctx, s, path, o, yield); err != nil {
				s.Miss(path, err)
			}
		}
	})
	if err != nil || !o.git {
		return err
	}
	return a.histories(ctx, s, paths, o.shallow)
}

// once passes over files that were given before, by a path that lies in another.
func once(yield func(path string) bool) func(path string) bool {
	given := map[string]bool{}
	return func(path string) bool {
		whole, err := filepath.Abs(path)
		if err != nil {
			whole = path
		}
		if given[whole] {
			return true
		}
		given[whole] = true
		return yield(path)
	}
}

// below gives the files that a path stands for.
func (a verbs) below(ctx context.Context, s *scan.Scanner, path string, o options, yield func(string) bool) error {
	if path == stdin {
		return s.Reader(ctx, "stdin", terminal.Interruptible(ctx, a.Sys.Stdin))
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return err
	case !info.IsDir():
		yield(path)
		return nil
	case !o.ignored && a.inWorkTree(ctx, path):
		return s.Tracked(ctx, a.Git(path), path, yield)
	}
	s.Walk(ctx, filepath.Clean(path), yield)
	return nil
}

// inWorkTree reports whether git has files of a folder in its care.
func (a verbs) inWorkTree(ctx context.Context, dir string) bool {
	out, err := a.Git(dir).Output(ctx, "rev-parse", "--is-inside-work-tree")
	return err == nil && string(out) == "true\n"
}

// histories reads the repositories that paths lie in, each once. Where one lies in
// none, that is noted.
func (a verbs) histories(ctx context.Context, s *scan.Scanner, paths []string, shallow bool) error {
	read := map[string]bool{}
	for _, path := range paths {
		info, err := os.Stat(path)
		if path == stdin || err != nil { // which is noted already
			continue
		}
		dir := path
		if !info.IsDir() {
			dir = filepath.Dir(path)
		}
		repository, err := a.repository(ctx, dir)
		if err == nil && !read[repository] {
			read[repository] = true
			err = s.History(ctx, a.Git(dir), shallow)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			s.Miss("git history of "+path, err)
		}
	}
	return nil
}

// repository is where git keeps what a folder's work tree shares with others.
func (a verbs) repository(ctx context.Context, dir string) (string, error) {
	out, err := a.Git(dir).Output(ctx, "rev-parse", "--git-common-dir")
	if err != nil {
		return "", err
	}
	at := strings.TrimSuffix(string(out), "\n")
	if !filepath.IsAbs(at) {
		at = filepath.Join(dir, at)
	}
	return filepath.EvalSymlinks(at)
}
