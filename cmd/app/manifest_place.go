package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/safefile"
)

// Manifest loads the manifest in use.
func (a *App) Manifest() (*lattice.Document, error) {
	if _, err := a.Settings(); err != nil {
		return nil, err
	}
	doc, err := lattice.Load(a.ManifestPath())
	if err != nil {
		return nil, err
	}
	if a.read == nil {
		a.read = doc
		a.Trace("manifest %s, generation %d", doc.Path(), doc.Manifest().Generation)
	}
	return doc, nil
}

// ManifestPath is that of the manifest in use: the one that was named, or else the
// one in the working directory or the nearest of its parents, as git finds its
// repository.
func (a *App) ManifestPath() string {
	if a.manifest == "" {
		a.manifest = a.loaded.Load().Manifest
		if a.loaded.Load().Origin("manifest") == "default" {
			a.lookInParents()
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
