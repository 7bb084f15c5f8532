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
	return fault.New(fault.Usage, "%s looks like a seed, which does not belong there; it is now in the shell history and the process list", where).
		WithHint("treat the seed as exposed; latch reads seeds from stdin, a prompt or a file")
}
