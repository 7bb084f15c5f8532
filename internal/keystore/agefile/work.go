package agefile

import (
	"strconv"

	"filippo.io/age"

	"github.com/latch-keys/latch/internal/fault"
)

// mostWork is the scrypt work factor, as a power of two, that a file may ask for.
// age itself writes 18. Nothing ends the work once it has begun, and at 22 it
// takes a minute and 4 GiB.
const mostWork = 20

// bearable refuses to begin more work than mostWork.
func bearable(where string, stanzas []*age.Stanza) error {
	if len(stanzas) != 1 || len(stanzas[0].Args) != 2 {
		return nil // age says what is wrong with it
	}
	work, err := strconv.Atoi(stanzas[0].Args[1])
	if err != nil || work <= mostWork {
		return nil //nolint:nilerr // likewise
	}
	return fault.New(fault.Refused, "%s asks for 2^%d steps of work to try a passphrase, latch takes on 2^%d", where, work, mostWork).
		WithHint("if you trust the file, open it with the age tool and seal it anew: age -d %s", where)
}
