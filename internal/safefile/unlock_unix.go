//go:build unix

package safefile

import (
	"os"
	"syscall"

	"github.com/gofrs/flock"
)

// noFollow keeps a lock from being made through a symbolic link, or from
// waiting for the other end of a pipe.
const noFollow = syscall.O_NOFOLLOW | syscall.O_NONBLOCK

// unlock removes the file while it is still locked: whoever locks it after
// that sees that it is gone and makes a new one.
func unlock(held *flock.Flock) {
	_ = os.Remove(held.Path())
	_ = held.Close()
}
