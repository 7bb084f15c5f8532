package safefile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/latch-keys/latch/internal/fault"
)

// step is a moment at which a write can fail or its process be killed.
type step string

const (
	stepMakeDir    step = "make folder"
	stepStage      step = "create the staged file"
	stepFill       step = "write the staged file"
	stepSync       step = "sync the staged file"
	stepKeep       step = "keep the old file"
	stepSyncAll    step = "sync all staged files"
	stepJournal    step = "write the journal"
	stepDecide     step = "put the journal in place"
	stepTurn       step = "turn the journal round"
	stepBack       step = "take back"
	stepFinish     step = "remove the journal"
	stepLink       step = "give the new file its name"
	stepRename     step = "rename"
	stepTidy       step = "remove the staged file"
	stepRemove     step = "remove"
	stepSyncFolder step = "sync the folder"
)

// Disk does the writing. The zero Disk is the real one.
type Disk struct {
	before func(s step, path string) error // may be nil
}

// Interposed is a Disk for tests: before runs ahead of every step of a change to
// path, and can make it fail or kill the process.
func Interposed(before func(step, path string) error) Disk {
	return Disk{before: func(s step, path string) error { return before(string(s), path) }}
}

func (d Disk) at(s step, path string) error {
	if d.before == nil {
		return nil
	}
	return d.before(s, path)
}

// failed says what could not be done to which file, and why, without the names
// of system calls; with a remedy for the causes that have one.
func failed(doing, path string, err error) error {
	return fault.New(fault.Failed, "failed to %s %s", doing, path).Because(cause(err)).WithHint("%s", remedy(path, err))
}

// ErrInPlace matches an error of a change that is made all the same, or that the next to
// come finishes: what the new files name is needed.
var ErrInPlace = errors.New("it is in place")

// inPlace is the error of what went wrong once a change was made.
func inPlace(err error) error {
	if err == nil {
		return nil
	}
	return fault.New(fault.Failed, "").Because(err).Like(ErrInPlace)
}

func remedy(path string, err error) string {
	folder := filepath.Dir(path)
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return "free some space: df -h " + folder
	case errors.Is(err, syscall.EBUSY):
		return "the file is a mount of its own (docker -v FILE:FILE), which cannot be exchanged: mount its folder instead, " + folder
	case errors.Is(err, fs.ErrPermission):
		return "look at the permissions: ls -ld " + folder + " " + path
	}
	return ""
}

// cause strips the system call and the path, which the caller names itself.
func cause(err error) error {
	switch e := err.(type) { //nolint:errorlint // only outer layers are to go
	case *fs.PathError:
		return cause(e.Err)
	case *os.LinkError:
		return cause(e.Err)
	case *os.SyscallError:
		return cause(e.Err)
	}
	return err
}
