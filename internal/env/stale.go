package env

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
)

// stale finds files of hosts that the manifest has no more, and removes them if
// asked to. Only a file that tells that latch made it for this lattice is taken
// for one.
func (w *writing) stale(ctx context.Context) error {
	hosts := make(map[string]bool, len(w.Lattice.Hosts))
	for _, h := range w.Lattice.Hosts {
		hosts[h.Name] = true
	}
	others, err := filesOf(w.Dir, w.Lattice, func(name string) bool { return w.owner[strings.ToLower(name)] != "" })
	if err != nil {
		return nothingWritten(err)
	}
	for _, f := range others {
		if hosts[f.host] {
			continue
		}
		w.report.Stale = append(w.report.Stale, filepath.Join(w.Dir, f.name))
		if w.Prune && !w.Rehearse {
			if err := w.remove(ctx, f.name); err != nil {
				return err
			}
		}
	}
	return nil
}

// Folder is where the env files of the manifest at path lie, if nobody says
// otherwise.
func Folder(path string) string { return filepath.Join(filepath.Dir(path), "env") }

// CheckCurrent refuses a manifest that is older than an env file in the folder: it
// is not the one that they were written by. What cannot be looked into says nothing.
func CheckCurrent(dir string, m lattice.Manifest) error {
	if _, err := filesOf(dir, m, func(string) bool { return false }); fault.Is(err, fault.Refused) {
		return err
	}
	return nil
}

// foundFile is a file that latch made for the lattice.
type foundFile struct {
	name string
	origin
}

// filesOf finds the files that latch made for a lattice, but for those passed over,
// and refuses a manifest that is older than one of them.
func filesOf(dir string, m lattice.Manifest, passOver func(name string) bool) ([]foundFile, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var found []foundFile
	for _, entry := range entries {
		name := entry.Name()
		if !entry.Type().IsRegular() || strings.HasPrefix(name, ".") || passOver(name) {
			continue
		}
		from, ours := originOf(filepath.Join(dir, name))
		if !ours || from.lattice != m.Lattice {
			continue
		}
		if err := m.CheckCurrent(from.host, from.generation); err != nil {
			return nil, err
		}
		found = append(found, foundFile{name, from})
	}
	return found, nil
}

// nothingWritten says so before why; nil stays nil.
func nothingWritten(err error) error {
	if err == nil {
		return nil
	}
	return fault.New(fault.Failed, "nothing was written").Because(err).WithHint("%s", fault.HintOf(err))
}

func (w *writing) remove(ctx context.Context, name string) error {
	if err := w.open(ctx); err != nil {
		return err
	}
	return w.set.Remove(name)
}
