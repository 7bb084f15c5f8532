//go:build !linux

package process

import (
	"os"
	"time"
)

// ChangedAt is when a file got its content.
func ChangedAt(path string) (time.Time, error) {
	info, err := os.Stat(path)
	if err != nil {
		return time.Time{}, err
	}
	return info.ModTime(), nil
}
