package keystore

import "github.com/latch-keys/latch/internal/keystore/store"

// CheckName reports whether a key can have the name, in every keystore. The
// error is of the kind fault.Usage.
func CheckName(name string) error { return store.CheckName(name) }
