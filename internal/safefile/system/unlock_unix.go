//go:build unix

package system

import (
	"os"
	"syscall"

	"github.com/gofrs/flock"
)

// NoFollow keeps a lock from being made through a symbolic link, or from
// waiting for the other end of a pipe.
const NoFollow = syscall.O_NOFOLLOW | syscall.O_NONBLOCK

// Unlock removes the file while it is still locked: whoever locks it after
// that sees that it is gone and makes a new one.
func Unlock(held *flock.Flock) {
	_ = os.Remove(held.Path())
	_ = held.Close()
}
