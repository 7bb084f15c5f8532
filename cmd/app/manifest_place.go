package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/printable"
	"github.com/latch-keys/latch/internal/safefile"
)

// Manifest loads the manifest in use.
func (a *App) Manifest() (*lattice.Document, error) {
	if _, err := a.Settings(); err != nil {
		return nil, err
	}
	doc, err := a.loadManifest()
	if err != nil {
		return nil, err
	}
	if a.read == nil {
		a.read = doc
		a.Trace("manifest %s, generation %d", doc.Path(), doc.Manifest().Generation)
		if included := doc.Included(); included != "" {
			a.Trace("it includes %s", included)
		}
	}
	return doc, nil
}

func (a *App) loadManifest() (*lattice.Document, error) {
	path := a.ManifestPath()
	if isFolder(path) {
		found, _, err := manifestsBelow(path)
		if err != nil {
			return nil, err
		}
		return nil, fault.New(fault.Usage, "%s holds %d manifests (%s), and this is about one lattice", path, len(found), few(found)).
			WithHint("name one of them: --manifest %s", Word(found[0]))
	}
	return a.ManifestAt(path)
}

// ManifestAt loads one of the manifests that are named. Where there is none, it says
// what named it, unless that stands in the command.
func (a *App) ManifestAt(path string) (*lattice.Document, error) {
	doc, err := lattice.Load(path)
	s := a.loaded.Load()
	if origin := s.Origin("manifest"); errors.Is(err, fs.ErrNotExist) && path == s.Manifest && !strings.HasPrefix(origin, "flag") && origin != "default" {
		return nil, fmt.Errorf("%w (from %s)", err, origin)
	}
	return doc, err
}

// few are the first names of a list.
func few(names []string) string { return printable.Fold(names, 3) }

// ManifestPath is that of the manifest in use: the one that was named, or else the
// one in the working directory or the nearest of its parents, as git finds its
// repository. Where a folder was named it is the only one in it.
func (a *App) ManifestPath() string {
	if a.manifest == "" {
		a.manifest = a.loaded.Load().Manifest
		if a.loaded.Load().Origin("manifest") == "default" {
			a.lookInParents()
		}
		if isFolder(a.manifest) {
			if found, _, err := manifestsBelow(a.manifest); err == nil && len(found) == 1 {
				a.manifest = found[0]
			}
		}
	}
	return a.manifest
}

// lookInParents takes a manifest from a parent folder, and says so. One that
// somebody else could have planted there is passed over.
func (a *App) lookInParents() {
	if _, err := os.Stat(a.manifest); !errors.Is(err, fs.ErrNotExist) {
		return
	}
	name := a.manifest
	here, _ := os.Stat(".")
	for dir := ".."; ; dir = filepath.Join(dir, "..") {
		parent, err := os.Stat(dir)
		if err != nil || os.SameFile(here, parent) {
			return // the root is its own parent
		}
		here = parent
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err != nil {
			continue
		}
		if err := safefile.JudgeWay(path); err != nil {
			a.Warn("%s is not used: %v; name it with --manifest to use it anyway", path, err)
			continue
		}
		a.manifest = path
		a.Say("Using the manifest %s.", path)
		return
	}
}

// named are the files and folders that flags or settings name as manifests, and those
// that are given as well; several reports whether that may be more than one.
func (a *App) named(given []string) (names []string, several bool, err error) {
	s, err := a.Settings()
	if err != nil {
		return nil, false, err
	}
	if flag := a.flags.root.PersistentFlags().Lookup("manifest"); flag.Changed {
		names = slices.Clone(valuesOf(flag))
		names[0] = s.Manifest // with ~ expanded
	}
	names = append(names, given...)
	if a.flags.all {
		names = append(names, ".")
	}
	switch {
	case len(names) > 0:
	case s.Origin("manifest") == "default":
		names = []string{a.ManifestPath()}
	default:
		names = []string{s.Manifest}
	}
	return names, len(names) > 1 || isFolder(names[0]), nil
}

// Manifests are the paths of the manifests that are named: files, and all that lie in
// folders. several reports whether it may be more than one, even where it is not.
func (a *App) Manifests(given ...string) (paths []string, several bool, err error) {
	names, several, err := a.named(given)
	if err != nil {
		return nil, false, err
	}
	seen := map[string]bool{}
	for _, name := range names {
		found := []string{name}
		if isFolder(name) {
			below, looked, err := manifestsBelow(name)
			if err != nil {
				return nil, false, err
			}
			found = below
			if looked > mostEntries {
				a.Warn("only %d files and folders below %s were looked at for manifests", mostEntries, name)
			}
		}
		for _, path := range found {
			if resolved := realPath(path); !seen[resolved] {
				seen[resolved] = true
				paths = append(paths, path)
			}
		}
	}
	return paths, several, nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// manifestsBelow are the manifests in a folder and below: files called so, and others
// that look like one. There is one at least.
func manifestsBelow(root string) (found []string, looked int, err error) {
	err = filepath.WalkDir(root+string(filepath.Separator)+".", func(path string, entry fs.DirEntry, err error) error {
		if looked++; looked > mostEntries {
			return fs.SkipAll
		}
		if err != nil {
			return err
		}
		path = filepath.Clean(path)
		extension := strings.ToLower(filepath.Ext(path))
		switch {
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != filepath.Clean(root):
			return fs.SkipDir
		case entry.IsDir(), extension != ".yaml" && extension != ".yml":
			return nil
		case entry.Name() == "lattice.yaml":
			found = append(found, path)
			return nil
		}
		text, err := safefile.Read(path, safefile.Shared, manifestLimit)
		defer clear(text) // should it be no manifest but hold a secret
		if err == nil && looksLikeManifest(text) {
			found = append(found, path)
		}
		return nil
	})
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "there is no manifest in the folder %s", root).Like(fs.ErrNotExist).
			WithHint("make one: latch lattice init --manifest %s", Word(filepath.Join(root, "lattice.yaml")))
	}
	return found, looked, err
}

// refuseSeveral refuses several manifests for a command that is about one lattice.
func (a *App) refuseSeveral(c *cobra.Command) error {
	flag := a.flags.root.PersistentFlags().Lookup("manifest")
	names := valuesOf(flag)
	if c.Annotations[severalLattices] != "" || len(names) < 2 {
		return nil
	}
	return UsageIn(c, "%s is about one lattice, and %d manifests are named: %s", c.CommandPath(), len(names), few(names))
}
