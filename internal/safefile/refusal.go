package safefile

import (
	"errors"
	"fmt"
	"io/fs"
)

// ErrUnsafe matches every Refusal.
var ErrUnsafe = errors.New("refused for safety")

// Refusal says that a file or folder was left alone since using it would not
// be safe. It matches ErrUnsafe.
type Refusal struct {
	Path   string
	Reason string // what is wrong with it: "is a symbolic link"
	hint   string
}

// Error names the path and the reason.
func (r *Refusal) Error() string { return fmt.Sprintf("refusing to use %s: it %s", r.Path, r.Reason) }

// Hint is the way to make it safe.
func (r *Refusal) Hint() string { return r.hint }

// Is makes every Refusal match ErrUnsafe.
func (r *Refusal) Is(target error) bool { return target == ErrUnsafe }

// judgeRegular refuses what is no regular file.
func judgeRegular(path string, info fs.FileInfo) error {
	var what string
	switch mode := info.Mode(); {
	case mode.IsRegular():
		return nil
	case mode&fs.ModeSymlink != 0:
		return &Refusal{Path: path, Reason: "is a symbolic link", hint: "name the file itself, or remove the link"}
	case mode.IsDir():
		what = "folder"
	case mode&fs.ModeNamedPipe != 0:
		what = "named pipe"
	case mode&fs.ModeSocket != 0:
		what = "socket"
	default:
		what = "device"
	}
	return &Refusal{Path: path, Reason: "is a " + what + ", not a regular file", hint: "choose another path"}
}

// judgeFolder refuses a folder in which others could exchange a secret file:
// owner is the folder's, us the user we run as.
func judgeFolder(path string, mode fs.FileMode, owner, us int) error {
	if !mode.IsDir() {
		return &Refusal{Path: path, Reason: "is not a folder", hint: "choose another path"}
	}
	if err := judgeOwner(path, owner, us); err != nil {
		return err
	}
	if mode.Perm()&0o022 != 0 {
		return &Refusal{
			Path:   path,
			Reason: fmt.Sprintf("can be written by others (mode %04o)", mode.Perm()),
			hint:   "chmod go-w " + path,
		}
	}
	return nil
}

// judgeOwner refuses what belongs neither to us nor to root.
func judgeOwner(path string, owner, us int) error {
	if owner == us || owner == 0 {
		return nil
	}
	return &Refusal{
		Path:   path,
		Reason: fmt.Sprintf("belongs to user %d, who could exchange what is in it", owner),
		hint:   "use a file and a folder of your own",
	}
}
