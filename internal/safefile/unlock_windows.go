package safefile

import (
	"os"

	"github.com/gofrs/flock"
)

const noFollow = 0

// unlock removes the file last: the system refuses that while anybody has it
// open.
func unlock(held *flock.Flock) {
	_ = held.Close()
	_ = os.Remove(held.Path())
}
