package system

import "github.com/gofrs/flock"

// NoFollow is no flag here.
const NoFollow = 0

// Unlock leaves the file: who opens it while it is being removed is refused
// here, and could not wait for the lock.
func Unlock(held *flock.Flock) { _ = held.Close() }
