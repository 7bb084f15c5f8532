package safefile

import (
	"fmt"
	"io/fs"

	"github.com/latch-keys/latch/internal/fault"
)

// Refusal says that a file or folder was left alone since using it would not
// be safe. It is of the kind fault.Refused.
type Refusal struct {
	Path   string
	Reason string // what is wrong with it: "is a symbolic link"
	told   *fault.Error
}

func refuse(path, reason, hint string) *Refusal {
	told := fault.New(fault.Refused, "refusing to use %s: it %s", path, reason)
	return &Refusal{Path: path, Reason: reason, told: told.WithHint("%s", hint)}
}

// Error names the path and the reason.
func (r *Refusal) Error() string { return r.told.Error() }

// Unwrap gives the fault, with its kind and the way to make it safe.
func (r *Refusal) Unwrap() error { return r.told }

// Hint is the way to make it safe.
func (r *Refusal) Hint() string { return r.told.Hint() }

// judgeRegular refuses what is no regular file.
func judgeRegular(path string, info fs.FileInfo) error {
	var what string
	switch mode := info.Mode(); {
	case mode.IsRegular():
		return nil
	case mode&fs.ModeSymlink != 0:
		return refuse(path, "is a symbolic link", "name the file itself, or remove the link")
	case mode.IsDir():
		what = "folder"
	case mode&fs.ModeNamedPipe != 0:
		what = "named pipe"
	case mode&fs.ModeSocket != 0:
		what = "socket"
	default:
		what = "device"
	}
	return refuse(path, "is a "+what+", not a regular file", "choose another path")
}

// judgeFolder refuses a folder in which others could exchange a secret file:
// owner is the folder's, us the user we run as.
func judgeFolder(path string, mode fs.FileMode, owner, us int) error {
	if !mode.IsDir() {
		return refuse(path, "is not a folder", "choose another path")
	}
	if err := judgeOwner(path, owner, us); err != nil {
		return err
	}
	if mode.Perm()&0o022 != 0 {
		return refuse(path, fmt.Sprintf("can be written by others (mode %04o)", mode.Perm()), "chmod go-w "+path)
	}
	return nil
}

// judgeOwner refuses what belongs neither to us nor to root.
func judgeOwner(path string, owner, us int) error {
	if owner == us || owner == 0 {
		return nil
	}
	return refuse(path, fmt.Sprintf("belongs to user %d, who could exchange what is in it", owner), "use a file and a folder of your own")
}
