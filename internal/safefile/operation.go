package safefile

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"path/filepath"

	"github.com/latch-keys/latch/internal/fault"
)

// operation is what a set does to one file. The digests tell the file it was
// made over, and what it makes of it: nobody finishes, or undoes, a change of a
// file that has become another since.
type operation struct {
	verb, name    string
	before, after string // digests; empty for a file that is not there
}

// The verbs of the journal.
const (
	verbAdd     = "add"
	verbReplace = "replace"
	verbRemove  = "remove"
)

// staged is where the file waits that is to come.
func (op operation) staged() string { return filepath.Join(setFolder, newFolder, op.name) }

// kept is where the file is kept that was replaced.
func (op operation) kept() string { return filepath.Join(setFolder, oldFolder, op.name) }

// direction says of an operation what the file is before and after it in one
// direction, and where what comes into its place waits.
type direction func(op operation) (from, to, waiting string)

func (op operation) forward() (from, to, waiting string) { return op.before, op.after, op.staged() }

func (op operation) backward() (from, to, waiting string) { return op.after, op.before, op.kept() }

// pending are the operations that are not done yet in a direction. Where a file
// is neither what it was nor what it becomes, or where what comes into its place
// is not what was staged or kept, nothing may be done.
func (f *folder) pending(ops []operation, way direction) ([]operation, error) {
	var todo []operation
	for _, op := range ops {
		from, to, waiting := way(op)
		now, err := f.digest(op.name)
		if err != nil {
			return nil, failed("look at", filepath.Join(f.path, op.name), err)
		}
		if now == to {
			continue
		}
		if now != from {
			return nil, f.changedSince(op.name)
		}
		if to != "" {
			if waits, err := f.digest(waiting); err != nil || waits != to {
				return nil, f.changedSince(waiting)
			}
		}
		todo = append(todo, op)
	}
	return todo, nil
}

func (f *folder) changedSince(name string) error {
	left := filepath.Join(f.path, setFolder)
	return fault.New(fault.Refused, "%s is not what it was when the change of it was begun", filepath.Join(f.path, name)).
		WithHint("see which one is right; to keep what is there as it is, remove what was begun: rm -r %s", left)
}

// digest is that of a regular file, "" where nothing has the name.
func (f *folder) digest(name string) (string, error) {
	info, err := f.root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "", nil
	case err != nil:
		return "", err
	}
	if err := judgeRegular(filepath.Join(f.path, name), info); err != nil {
		return "", err
	}
	file, err := f.open(name)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

func digestOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
