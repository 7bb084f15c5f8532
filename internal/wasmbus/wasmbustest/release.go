package wasmbustest

import (
	"fmt"
	"strings"
)

// release is a version of the host. OTP hosts end at 0.63, Rust hosts begin at 0.78.
type release struct {
	minor, patch int
	one          bool // 1.0 or later, pre-releases among them
	before       bool // a pre-release
}

// Releases are versions of which each answers in a shape of its own.
func Releases() []string {
	return []string{"0.54.7", "0.55.1", "0.57.1", "0.57.3", "0.63.2", "0.78.0", "0.80.2", "0.81.0", "0.82.0", "1.0.0-alpha.5", "1.4.0"}
}

func parseRelease(text string) (release, error) {
	var r release
	var major int
	number, label, before := strings.Cut(text, "-")
	if n, err := fmt.Sscanf(number, "%d.%d.%d", &major, &r.minor, &r.patch); err != nil || n != 3 || label == "" && before {
		return r, fmt.Errorf("%q is no version of a host", text)
	}
	r.one, r.before = major > 0, before
	return r, nil
}

func (r release) since(minor, patch int) bool {
	return r.one || r.minor > minor || r.minor == minor && r.patch >= patch
}

func (r release) isOTP() bool { return !r.since(78, 0) }

// tells reports whether a host says what it accepts, and what it signs with.
func (r release) tells() (accepts, signs bool) {
	keys := !r.one || r.before
	return keys && r.since(55, 0), keys && r.since(57, 2)
}
