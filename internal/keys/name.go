package keys

import (
	"fmt"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
)

const longestName = 64

const nameRule = "use letters, digits, dot, underscore and hyphen, a letter or digit first"

// CheckName reports whether a key can have the name, in every keystore and as an
// issuer of a lattice: one to 64 of the letters A-Z a-z, digits and . _ - with a
// letter or digit first, and no device name of Windows. The error is of the kind
// fault.Usage. What may be a seed is refused without being repeated.
func CheckName(name string) error {
	if MayHoldSeed(name) {
		return fault.New(fault.Usage, "a seed stands where the name of a key belongs").
			WithHint("treat the seed as exposed: it may be in the shell history by now")
	}
	switch {
	case name == "":
		return badName("the name of a key must not be empty")
	case len(name) > longestName:
		return badName("the name of a key has at most %d characters, not %d", longestName, len(name))
	case !isNameStart(name[0]):
		return badName("the name %q does not start with a letter or digit", name)
	case isDevice(name):
		return fault.New(fault.Usage, "the name %q is that of a device on Windows", name).WithHint("choose another name")
	}
	for i := range len(name) {
		if c := name[i]; !isNameStart(c) && !strings.ContainsRune("._-", rune(c)) {
			return badName("the name %q has a character that is not allowed, at position %d", name, i+1)
		}
	}
	return nil
}

func badName(format string, args ...any) error {
	return fault.New(fault.Usage, "%s", fmt.Sprintf(format, args...)).WithHint("%s", nameRule)
}

// isNameStart knows the letters and digits that a name may start with.
func isNameStart(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z'
}

// isDevice knows the names that Windows reserves, with any extension. Source:
// Microsoft, "Naming Files, Paths, and Namespaces".
func isDevice(name string) bool {
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	switch stem {
	case "CON", "PRN", "AUX", "NUL":
		return true
	}
	port, isPort := strings.CutPrefix(stem, "COM")
	if !isPort {
		port, isPort = strings.CutPrefix(stem, "LPT")
	}
	return isPort && len(port) == 1 && '0' <= port[0] && port[0] <= '9'
}
