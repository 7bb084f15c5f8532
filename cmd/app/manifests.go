package app

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/bucket"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/safefile"
)

const (
	// mostEntries bounds a walk through a folder tree.
	mostEntries = 50_000
	// manifestLimit is more than any manifest has, in bytes.
	manifestLimit = 16 << 20
)

// ManifestsInReach finds the manifests that may need a key of the keystore in use:
// the one in use, and every other in the folder trees around it, around the working
// directory and around a keystore of files, if it names the same keystore. One that
// cannot be read might need any key, and is an error.
func (a *App) ManifestsInReach(ctx context.Context) ([]*lattice.Document, error) {
	uri, origin, err := a.KeystoreURI()
	if err != nil {
		return nil, err
	}
	file, err := a.Manifest()
	if errors.Is(err, fs.ErrNotExist) {
		return a.ManifestsNaming(ctx, uri, a.KeystoreBase(origin))
	}
	if err != nil {
		return nil, err
	}
	others, err := a.ManifestsNaming(ctx, uri, a.KeystoreBase(origin))
	return append([]*lattice.Document{file}, slices.DeleteFunc(others, func(d *lattice.Document) bool {
		return realPath(d.Path()) == realPath(file.Path())
	})...), err
}

// ManifestsNaming finds the manifests in those folder trees that name a keystore.
func (a *App) ManifestsNaming(ctx context.Context, uri, base string) ([]*lattice.Document, error) {
	if _, err := a.Settings(); err != nil {
		return nil, err
	}
	var all []*lattice.Document
	found := map[string]bool{}
	store := a.keystoreIdentity(uri, base)
	roots := []string{".", filepath.Dir(a.ManifestPath())}
	if dir := a.KeystoreFolder(uri, base); dir != "" {
		roots = append(roots, filepath.Dir(realPath(dir)))
	}
	for _, root := range roots {
		search := manifestSearch{app: a, store: store, found: found}
		if err := search.walk(ctx, root); err != nil {
			return nil, err
		}
		all = append(all, search.documents...)
	}
	return all, nil
}

// manifestSearch looks for manifests that name a keystore.
type manifestSearch struct {
	app       *App
	store     string
	found     map[string]bool // by path; also the folders that were looked into
	entries   int
	documents []*lattice.Document
}

func (s *manifestSearch) walk(ctx context.Context, root string) error {
	return filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			if path != root {
				s.app.Warn("%s was not looked into for manifests: %v", path, err)
			}
			return nil
		}
		if s.entries++; s.entries > mostEntries {
			s.app.Warn("only %d files and folders below %s were looked at for manifests", mostEntries, root)
			return fs.SkipAll
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if entry.IsDir() {
			resolved := realPath(path)
			if s.found[resolved] || path != root && strings.HasPrefix(entry.Name(), ".") {
				return fs.SkipDir
			}
			s.found[resolved] = true
			return nil
		}
		return s.file(path, entry)
	})
}

func (s *manifestSearch) file(path string, entry fs.DirEntry) error {
	extension := strings.ToLower(filepath.Ext(path))
	if !entry.Type().IsRegular() || extension != ".yaml" && extension != ".yml" || s.found[realPath(path)] {
		return nil
	}
	text, err := safefile.Read(path, safefile.Shared, manifestLimit)
	defer clear(text) // should it be no manifest but hold a secret
	if err != nil {
		s.app.Warn("%s was not looked at: %v", path, err)
		return nil
	}
	if !looksLikeManifest(text) {
		return nil
	}
	doc, err := lattice.Load(path)
	if err != nil {
		return fault.Hint(err, "latch lattice check %s", path)
	}
	if s.names(doc) {
		s.found[realPath(path)] = true
		s.documents = append(s.documents, doc)
	}
	return nil
}

// names reports whether the manifest's seeds lie in the keystore in use: by its own
// word, or by default.
func (s *manifestSearch) names(doc *lattice.Document) bool {
	uri, base := doc.Manifest().Keystore, filepath.Dir(doc.Path())
	if uri == "" {
		uri, base = s.app.loaded.Load().Keystore, "."
	}
	return s.app.keystoreIdentity(uri, base) == s.store
}

// looksLikeManifest tells manifests from other YAML files.
func looksLikeManifest(text []byte) bool {
	lines := map[string]bool{}
	for _, name := range []string{"lattice:", "issuers:"} {
		lines[name] = bytes.HasPrefix(text, []byte(name)) || bytes.Contains(text, []byte("\n"+name))
	}
	return lines["lattice:"] && lines["issuers:"]
}

// keystoreIdentity is one text for a keystore, however its URI is written. How a bucket
// is connected to, and whom that trusts, makes no other keystore of it.
func (a *App) keystoreIdentity(uri, base string) string {
	if dir := a.KeystoreFolder(uri, base); dir != "" {
		scheme, _, _ := strings.Cut(uri, ":")
		return scheme + ":" + realPath(dir)
	}
	if at, err := bucket.ParseAddress(uri); err == nil {
		return strings.Join(at.URLs, ",") + "/" + at.Bucket
	}
	return uri
}

// realPath is absolute, and without symbolic links as far as it exists.
func realPath(path string) string {
	if absolute, err := filepath.Abs(path); err == nil {
		path = absolute
	}
	if resolved, err := filepath.EvalSymlinks(path); err == nil {
		return resolved
	}
	return path
}
