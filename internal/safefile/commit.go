package safefile

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/latch-keys/latch/internal/safefile/system"
)

// Commit makes the change: all that was Put or Removed, or nothing where ctx has
// ended or a step fails. From its first renaming on it heeds ctx no more. An
// error that matches errUnsettled left the change half done, for the next
// OpenSet or Settle to finish or undo.
func (s *Set) Commit(ctx context.Context) error {
	if len(s.ops) == 0 {
		return nil
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("nothing was written: %w", err)
	}
	for _, op := range s.ops {
		if err := s.keepOld(op); err != nil {
			return failed("keep the old", filepath.Join(s.path, op.name), err)
		}
	}
	todo, err := s.pending(s.ops, operation.forward)
	if err != nil {
		return fmt.Errorf("nothing was written: %w", err)
	}
	err = s.syncStaged()
	if err == nil {
		err = s.writeJournal()
	}
	if err != nil {
		return failed("write the journal of", s.path, err)
	}
	// Decided: from here on what fails has to be undone.
	if err := s.syncJournal(); err != nil {
		return s.goBack(failed("write the journal of", s.path, err))
	}
	if err := s.carry(todo); err != nil {
		return s.goBack(err)
	}
	return inPlace(s.finish(journalName))
}

// errUnsettled says that a change was neither finished nor undone.
var errUnsettled = errors.New("a change of several files is half done")

// keepOld gives a file that is to be replaced a second name, to undo with: a
// link, or a copy where there are none.
func (s *Set) keepOld(op operation) error {
	if op.verb != verbReplace {
		return nil
	}
	err := s.at(stepKeep, op.name)
	if err == nil {
		err = s.root.Link(op.name, filepath.Join(setFolder, oldFolder, op.name))
	}
	if !linksUnsupported(err) {
		return err
	}
	data, err := s.root.ReadFile(op.name)
	if err != nil {
		return err
	}
	defer clear(data)
	return s.write(filepath.Join(oldFolder, op.name), data)
}

// syncStaged makes what waits last.
func (s *Set) syncStaged() error {
	if system.SyncsAll && len(s.ops) > fewFiles {
		if err := s.at(stepSyncAll, s.path); err != nil {
			return err
		}
		return system.SyncAll(s.root)
	}
	for _, name := range []string{newFolder, oldFolder} {
		if err := s.at(stepSyncFolder, name); err != nil {
			return err
		}
		waiting, err := s.staging.OpenRoot(name)
		if err != nil {
			return err
		}
		err = system.SyncFolder(waiting)
		_ = waiting.Close()
		if err != nil {
			return err
		}
	}
	return s.sync()
}

func (s *Set) syncJournal() error {
	if err := s.at(stepSyncFolder, setFolder); err != nil {
		return err
	}
	return system.SyncFolder(s.staging)
}

// forward finishes a change that a killed process had decided. What is in place
// already stays.
func (f *folder) forward(ops []operation) error {
	todo, err := f.pending(ops, operation.forward)
	if err != nil {
		return err
	}
	return f.carry(todo)
}

// carry renames what waits into place.
func (f *folder) carry(todo []operation) error {
	for _, op := range todo {
		if err := f.at(stepRename, op.name); err != nil {
			return failed("write", filepath.Join(f.path, op.name), err)
		}
		from, to := op.staged(), op.name
		if op.verb == verbRemove {
			from, to = op.name, op.kept()
		}
		if err := f.root.Rename(from, to); err != nil {
			return failed("write", filepath.Join(f.path, op.name), err)
		}
	}
	return f.sync()
}

// goBack undoes a change that failed midway. The journal is turned round first,
// so that a crash in between goes on with the undoing.
func (s *Set) goBack(why error) error {
	err := s.at(stepTurn, s.path)
	if err == nil {
		err = s.staging.Rename(journalName, undoName)
	}
	if err != nil {
		return errors.Join(why, inPlace(halfDone(err))) // the next to come finishes it
	}
	err = s.backward(s.ops)
	if err == nil {
		err = s.finish(undoName)
	}
	if err != nil {
		return errors.Join(why, halfDone(err))
	}
	return why
}

func halfDone(err error) error {
	return fmt.Errorf("%w, and what was done could not be undone: %w", errUnsettled, err)
}

// backward undoes forward, as far as that came.
func (f *folder) backward(ops []operation) error {
	todo, err := f.pending(ops, operation.backward)
	if err != nil {
		return err
	}
	for _, op := range todo {
		if err := f.at(stepBack, op.name); err != nil {
			return failed("take back", filepath.Join(f.path, op.name), err)
		}
		var err error
		if op.verb == verbAdd {
			err = f.root.Remove(op.name)
		} else {
			err = f.root.Rename(op.kept(), op.name)
		}
		if err != nil {
			return failed("take back", filepath.Join(f.path, op.name), err)
		}
	}
	return f.sync()
}

// finish removes the journal, and with it the need for what waits.
func (f *folder) finish(journal string) error {
	if err := f.at(stepFinish, f.path); err != nil {
		return failed("finish the change of", f.path, err)
	}
	if err := f.root.Remove(filepath.Join(setFolder, journal)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return failed("finish the change of", f.path, err)
	}
	return nil
}
