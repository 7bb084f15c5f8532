package env

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// stale finds files of hosts that the manifest has no more, and removes them if
// asked to. Only a file that tells that latch made it for this lattice is taken
// for one.
func (w *writing) stale(ctx context.Context) error {
	entries, err := os.ReadDir(w.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	hosts := make(map[string]bool, len(w.Lattice.Hosts))
	for _, h := range w.Lattice.Hosts {
		hosts[h.Name] = true
	}
	for _, entry := range entries {
		name := entry.Name()
		if !entry.Type().IsRegular() || strings.HasPrefix(name, ".") || w.owner[strings.ToLower(name)] != "" {
			continue
		}
		path := filepath.Join(w.Dir, name)
		from, ours := originOf(path)
		if !ours || from.lattice != w.Lattice.Lattice || hosts[from.host] {
			continue
		}
		w.report.Stale = append(w.report.Stale, path)
		if w.Prune && !w.Rehearse {
			if err := w.remove(ctx, name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w *writing) remove(ctx context.Context, name string) error {
	if err := w.open(ctx); err != nil {
		return err
	}
	return w.set.Remove(name)
}
