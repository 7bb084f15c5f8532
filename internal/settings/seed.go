package settings

import (
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
)

// RefuseSeed is an error if text holds what could be a seed, sound or damaged;
// where says where it stands.
func RefuseSeed(text, where string) error {
	if !keys.MayHoldSeed(text) {
		return nil
	}
	return fault.New(fault.Usage, "what looks like a seed stands in %s, where none belongs; it is now in the shell's history and in the process list", where).
		WithHint("treat the seed as exposed; seeds are read from stdin, a prompt or a file")
}
