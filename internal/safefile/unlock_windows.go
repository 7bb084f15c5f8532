package safefile

import "github.com/gofrs/flock"

const noFollow = 0

// unlock leaves the file: who opens it while it is being removed is refused
// here, and could not wait for the lock.
func unlock(held *flock.Flock) { _ = held.Close() }
