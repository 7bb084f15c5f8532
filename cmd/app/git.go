package app

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
)

// gitPatience bounds a question to git: one that hangs, as on a file system that
// is gone, and not one on a busy machine, which would go without a warning.
const gitPatience = 10 * time.Second

// git asks git about a folder: what it prints, and its exit code, -1 without git.
func (a *App) git(ctx context.Context, dir string, args ...string) (out []byte, code int) {
	ctx, cancel := context.WithTimeout(ctx, gitPatience)
	defer cancel()
	out, err := a.Git(dir).Output(ctx, args...)
	var ended *exec.ExitError
	switch {
	case err == nil:
		return out, 0
	case errors.As(err, &ended):
		return nil, ended.ExitCode()
	}
	return nil, -1
}

// WarnIfGitSees warns of a file with a plain seed that the next `git add .` would
// take. Without git, or outside a work tree, there is nothing to warn of.
func (a *App) WarnIfGitSees(ctx context.Context, path string) {
	if a.GitSees(ctx, path) {
		a.Warn("%s holds seeds, and git does not ignore it: add its folder to .gitignore", path)
	}
}

// GitSees reports whether the next `git add .` would take a file: it lies in a work
// tree, and nothing ignores it.
func (a *App) GitSees(ctx context.Context, path string) bool {
	const notIgnored = 1 // 0: ignored; 128: no work tree
	_, code := a.git(ctx, filepath.Dir(path), "check-ignore", "--quiet", "--", filepath.Base(path))
	return code == notIgnored
}

// Tracked lists the files below the manifest's folder that git tracks, relative to
// it; none outside a work tree.
func (a *App) Tracked(ctx context.Context, dir string) []string {
	out, _ := a.git(ctx, dir, "ls-files", "-z", "--", ".")
	var files []string
	for name := range bytes.SplitSeq(out, []byte{0}) {
		if len(name) > 0 {
			files = append(files, filepath.FromSlash(string(name)))
		}
	}
	return files
}

// plainStore is a store of plain files, of which every command that puts a seed
// there says when git would take it.
type plainStore struct {
	keystore.Store
	app  *App
	dir  string
	said bool
}

// Names are those of the store itself.
func (s *plainStore) Names(ctx context.Context) ([]string, error) {
	return keystore.Names(ctx, s.Store)
}

// Put stores the seed, and warns once.
func (s *plainStore) Put(ctx context.Context, name string, seed keys.Seed) error {
	return s.PutAll(ctx, []keystore.Named{{Name: name, Seed: seed}}, func() {})
}

// PutAll stores the seeds, and warns once.
func (s *plainStore) PutAll(ctx context.Context, all []keystore.Named, stored func()) error {
	err := keystore.PutAll(ctx, s.Store, all, stored)
	if err == nil && len(all) > 0 && !s.said {
		s.said = true
		s.app.WarnIfGitSees(ctx, filepath.Join(s.dir, all[0].Name+".nk"))
	}
	return err
}

// Reconcile is that of the store within, which an embedded Store would hide.
func (s *plainStore) Reconcile(ctx context.Context, mend bool) ([]keystore.Finding, error) {
	return keystore.Reconcile(ctx, s.Store, mend)
}

// heedGit gives the store itself, unless it is one of plain files.
func (a *App) heedGit(store keystore.Store, uri, base string) keystore.Store {
	dir, plain := strings.CutPrefix(uri, "dir:")
	if !plain {
		return store
	}
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(base, dir)
	}
	return &plainStore{Store: store, app: a, dir: filepath.Clean(dir)}
}
