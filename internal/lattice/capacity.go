package lattice

import (
	"fmt"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// LongestLine is the longest line of an env file in bytes, without its end: docker
// reads a line into 64 KiB. Source: docker/cli pkg/kvfile, bufio.MaxScanTokenSize.
const LongestLine = 64<<10 - 1

// longestVariable is the longest variable that Linux starts a program with: its
// name, =, and its value. Source: MAX_ARG_STRLEN in include/uapi/linux/binfmts.h,
// less the NUL.
const longestVariable = 128<<10 - 1

// MostIssuers is how many issuers an env file can carry that every program reads.
func MostIssuers() int { return issuersWithin(LongestLine) }

// issuersWithin is how many issuers fit into a variable of that length.
func issuersWithin(length int) int {
	return (length - len(wasmcloud.ClusterIssuers+"=") + 1) / (keys.PublicKeyLength + 1)
}

// CheckCapacity refuses so many issuers that no env file carries them.
func CheckCapacity(issuers int) error {
	if issuers <= MostIssuers() {
		return nil
	}
	return fault.New(fault.Refused, "%s", tooMany(issuers)).WithHint("let hosts share keys; %d issuers fit", MostIssuers())
}

func tooMany(issuers int) string {
	length := len(wasmcloud.ClusterIssuers+"=") + issuers*(keys.PublicKeyLength+1) - 1
	if length > longestVariable {
		return fmt.Sprintf("%d issuers make a variable of %d bytes: Linux starts no program with more than %d", issuers, length, longestVariable)
	}
	return fmt.Sprintf("%d issuers make a line of %d bytes: docker reads no env file with more than %d", issuers, length, LongestLine)
}

// capacity reports more issuers than fit, now or in a rotation of all keys, where
// hosts accept the old ones and the new ones.
func (c *checker) capacity(d *Document) {
	now := len(d.manifest.Issuers)
	if now > MostIssuers() {
		c.report(d, d.place("issuers"), finding.Error, RuleTooManyKeys, "let hosts share keys", "%s", tooMany(now))
		return
	}
	if d.manifest.Rotation != nil {
		return
	}
	if then := now + len(d.manifest.Signers()); then > MostIssuers() {
		c.report(d, d.place("issuers"), finding.Warning, RuleTooManyKeys,
			"rotate some at a time: latch issuers rotate start --host HOST,…; or to one key for all: latch issuers rotate start --shared",
			"in a rotation of all keys, %s", tooMany(then))
	}
}
