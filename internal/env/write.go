package env

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/safefile"
)

// Writing is how Write goes about it.
type Writing struct {
	Dir     string // the folder of the files; made if need be
	Dialect Dialect
	Lattice lattice.Manifest // whose hosts have files; those of others are stale
	Prune   bool             // remove the stale ones too
	Replace bool             // replace files, too, that latch did not make, or made for another lattice

	Rehearse bool // look, compare and report, but write nothing

	// Changing, if not nil, is called before a file changes with what it is to
	// hold, for who wants to compare. The data is cleared afterwards.
	Changing func(path string, data []byte) error
	// Each, if not nil, is called after each host, for who watches.
	Each func()
}

// Outcome is what became of one host's file, or would.
type Outcome struct {
	Host    string
	Path    string
	Changed bool // written; otherwise it held these very bytes and was not touched
}

// Report says what was done, or would be. With an error it only has Settled.
type Report struct {
	Files   []Outcome        // one per environment, in their order
	Stale   []string         // the paths of files that latch made for hosts the manifest lacks
	Settled safefile.Settled // how a write was settled that a killed process had begun
}

// Write puts each environment into a file of its own, named HOST and the
// dialect's extension, private (0600 in 0700). All or nothing: the whole set is
// staged before the first file changes, a file that would stay the same is not
// touched, and a process killed in between leaves what the next Write or
// safefile.Settle brings to an end.
func Write(ctx context.Context, w Writing, envs []Environment) (Report, error) {
	run := &writing{Writing: w, owner: map[string]string{}}
	defer run.close()
	if err := run.all(ctx, envs); err != nil {
		return Report{Settled: run.report.Settled}, err
	}
	return run.report, nil
}

// writing is one call of Write.
type writing struct {
	Writing
	set    *safefile.Set     // nil until needed, and in a rehearsal
	owner  map[string]string // the host of each file, by its name in lower case
	report Report
}

func (w *writing) all(ctx context.Context, envs []Environment) (err error) {
	if w.Rehearse {
		if w.report.Settled, err = safefile.Settle(ctx, w.Dir); err != nil {
			return err
		}
	}
	for _, e := range envs {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("nothing was written: %w", err)
		}
		if err := w.one(ctx, e); err != nil {
			return err
		}
	}
	if err := w.stale(ctx); err != nil || w.set == nil {
		return err
	}
	return w.set.Commit(ctx)
}

func (w *writing) close() {
	if w.set != nil {
		w.set.Close()
	}
}

// one renders and stages the file of one host.
func (w *writing) one(ctx context.Context, e Environment) error {
	name, err := fileName(e.Host, w.Dialect)
	if err != nil {
		return err
	}
	folded := strings.ToLower(name)
	if other, taken := w.owner[folded]; taken {
		return fmt.Errorf("hosts %q and %q would share the file %s", other, e.Host, name)
	}
	w.owner[folded] = e.Host
	data, err := w.Dialect.Render(e, Revealed)
	defer clear(data)
	if err != nil {
		return fmt.Errorf("failed to render the environment of host %q: %w", e.Host, err)
	}
	out := Outcome{Host: e.Host, Path: filepath.Join(w.Dir, name)}
	if out.Changed, err = w.put(ctx, name, data); err != nil {
		return err
	}
	if out.Changed && w.Changing != nil {
		if err := w.Changing(out.Path, data); err != nil {
			return err
		}
	}
	w.report.Files = append(w.report.Files, out)
	if w.Each != nil {
		w.Each()
	}
	return nil
}

// put stages a file, or in a rehearsal only compares it.
func (w *writing) put(ctx context.Context, name string, data []byte) (changed bool, err error) {
	if w.Rehearse {
		var same bool
		same, err = safefile.Same(filepath.Join(w.Dir, name), data, safefile.Private)
		changed = !same
	} else if err = w.open(ctx); err == nil {
		changed, err = w.set.Put(name, data)
	}
	if err == nil && changed {
		err = w.mayReplace(filepath.Join(w.Dir, name))
	}
	return changed, err
}

// mayReplace refuses to replace what latch did not make for this lattice, unless
// asked to, and what a later manifest has made. An empty file holds nothing that
// could be lost.
func (w *writing) mayReplace(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil
	}
	from, ours := originOf(path)
	switch {
	case ours && from.lattice == w.Lattice.Lattice:
		return nothingWritten(w.Lattice.CheckCurrent(from.host, from.generation))
	case w.Replace:
	case !ours:
		return fault.New(fault.Refused, "nothing was written: latch did not make %s", path).
			WithHint("move it away, write to another folder with --dir, or replace it with --replace")
	default:
		return fault.New(fault.Refused, "nothing was written: %s is of the lattice %q, not of %q", path, from.lattice, w.Lattice.Lattice).
			WithHint("give each lattice a folder of its own with --dir, or replace the file with --replace")
	}
	return nil
}

func (w *writing) open(ctx context.Context) error {
	if w.set != nil {
		return nil
	}
	if err := safefile.MakeDir(w.Dir); err != nil {
		return err
	}
	set, err := safefile.OpenSet(ctx, w.Dir)
	if err != nil {
		return err
	}
	w.set, w.report.Settled = set, set.Settled()
	return nil
}

// fileName keeps a host's file inside its folder, and on Windows off the names
// of devices.
func fileName(host string, dialect Dialect) (string, error) {
	if err := lattice.CheckName(host); err != nil {
		return "", err
	}
	name := host + dialect.Extension()
	if !filepath.IsLocal(name) {
		return "", fmt.Errorf("host %q cannot have a file: %s is no name for one here", host, name)
	}
	return name, nil
}

// Drifts reports whether the folder is not as the manifest wants it, stale files
// included if they are to go.
func (r Report) Drifts(prune bool) bool {
	return prune && len(r.Stale) > 0 || slices.ContainsFunc(r.Files, func(o Outcome) bool { return o.Changed })
}
