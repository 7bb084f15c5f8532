package safefile

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/latch-keys/latch/internal/fault"
)

// Settled says how a change that a killed process had begun was settled.
type Settled string

// The ways to settle a change. NothingToSettle is also that of a change that
// had not been decided yet.
const (
	NothingToSettle Settled = ""
	Finished        Settled = "finished" // the folder has the whole new set
	Undone          Settled = "undone"   // the folder has the whole old set
)

// Settle finishes or undoes the change of several files that a killed process
// began in the folder, so that what is read there belongs together. It waits for
// a change that is under way. Where nothing is left it writes nothing; a folder
// that is not there has nothing left.
func Settle(ctx context.Context, dir string) (Settled, error) { return Disk{}.settleSet(ctx, dir) }

func (d Disk) settleSet(ctx context.Context, dir string) (Settled, error) {
	f := &folder{Disk: d, path: filepath.Clean(dir)}
	switch left, err := f.left(); {
	case err != nil:
		return NothingToSettle, err
	case !left:
		return NothingToSettle, nil
	}
	held, err := d.Hold(ctx, dir, nil)
	if err != nil {
		return NothingToSettle, withUnsettled(dir, err)
	}
	defer held.Release()
	return held.settled, nil
}

// withUnsettled tells a person who only wanted to read why writing is needed.
func withUnsettled(dir string, err error) error {
	return fmt.Errorf("%w in %s, left by a process that was killed, and cannot be finished now: %w", errUnsettled, dir, err)
}

// settle brings what a killed process left to its end. The lock is held.
func (f *folder) settle() (Settled, error) {
	left, err := f.left()
	if err != nil || !left {
		return NothingToSettle, err
	}
	done, err := f.carryOn()
	if err == nil {
		err = f.discardSet()
	}
	if err != nil {
		left := filepath.Join(f.path, setFolder)
		if errors.Is(err, errNoJournal) {
			err = fault.New(fault.Refused, "").Because(err).WithHint("each file is whole: see that they are what you want, then: rm -r %s", left)
		}
		return NothingToSettle, failed("settle what was left in", left, err)
	}
	return done, nil
}

func (f *folder) carryOn() (Settled, error) {
	for _, way := range []struct {
		journal string
		walk    func([]operation) error
		settled Settled
	}{{journalName, f.forward, Finished}, {undoName, f.backward, Undone}} {
		ops, ok, err := f.readJournal(way.journal)
		if err != nil {
			return NothingToSettle, err
		}
		if !ok {
			continue
		}
		if err := way.walk(ops); err != nil {
			return NothingToSettle, err // the journal stays: nothing else knows how to go on
		}
		return way.settled, f.finish(way.journal)
	}
	return NothingToSettle, nil
}

// left reports whether a set's folder is there.
func (f *folder) left() (bool, error) {
	path := filepath.Join(f.path, setFolder)
	info, err := f.lstat(setFolder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, failed("look at", path, err)
	case !info.IsDir():
		return false, refuse(path, "is not a folder", "remove it")
	}
	return true, nil
}
