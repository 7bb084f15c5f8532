package store

import (
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
)

// CheckName is keys.CheckName for a name that somebody gave: one that no key can
// have is of the kind fault.Usage.
func CheckName(name string) error { return fault.As(fault.Usage, keys.CheckName(name)) }
