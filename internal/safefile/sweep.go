package safefile

import (
	"os"
	"strings"
	"syscall"

	"github.com/latch-keys/latch/internal/safefile/system"
)

// sweep removes what killed runs left in the folder. It does what it can: a
// leftover is in nobody's way.
func (f *folder) sweep() {
	dir, err := f.root.Open(".")
	if err != nil {
		return
	}
	defer func() { _ = dir.Close() }()
	names, _ := dir.Readdirnames(-1)
	for _, name := range names {
		if strings.HasPrefix(name, stagedPrefix) {
			f.sweepOne(name)
		}
	}
}

func (f *folder) sweepOne(name string) {
	info, err := f.root.Lstat(name)
	if err != nil || !info.Mode().IsRegular() {
		return
	}
	file, err := f.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return
	}
	defer func() { _ = file.Close() }()
	if system.Abandoned(file) {
		_ = f.root.Remove(name)
	}
}
