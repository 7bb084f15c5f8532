package app

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"runtime"

	"github.com/latch-keys/latch/internal/safefile"
)

// WarnIfReadable warns of a seed that was redirected into a file others can read.
func (a *App) WarnIfReadable() {
	file, ok := a.Sys.Stdout.(interface{ Stat() (fs.FileInfo, error) })
	if !ok || runtime.GOOS == "windows" {
		return
	}
	if info, err := file.Stat(); err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o077 != 0 {
		a.Warn("the seed went into a file that other users can read: chmod 600 it, and set umask 077 next time")
	}
}

// WriteNew writes a file that must be new, and reads it back.
func WriteNew(path string, data []byte, access safefile.Access) error {
	if err := safefile.Create(path, data, access); err != nil {
		return err
	}
	back, err := safefile.Read(path, access, int64(len(data)))
	defer clear(back)
	if err == nil && !bytes.Equal(back, data) {
		err = errors.New("it holds something else")
	}
	if err != nil {
		return fmt.Errorf("%s does not hold what was just written: %w", path, err)
	}
	return nil
}
