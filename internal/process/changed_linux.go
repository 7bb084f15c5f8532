package process

import (
	"os"
	"syscall"
	"time"
)

// ChangedAt is when a file got its name or its content, whichever came last.
func ChangedAt(path string) (time.Time, error) {
	info, err := os.Stat(path)
	if err != nil {
		return time.Time{}, err
	}
	if status, ok := info.Sys().(*syscall.Stat_t); ok {
		return time.Unix(status.Ctim.Unix()), nil
	}
	return info.ModTime(), nil
}
