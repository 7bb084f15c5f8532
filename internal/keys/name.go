package keys

import (
	"fmt"
	"strings"
)

const longestName = 64

const nameRule = "use letters, digits, dot, underscore and hyphen, a letter or digit first"

// CheckName reports whether a key can have the name, in every keystore and as an
// issuer of a lattice: one to 64 of the letters A-Z a-z, digits and . _ - with a
// letter or digit first, and no device name of Windows. What may be a seed is
// refused without being repeated. The error says by Hint what to do.
func CheckName(name string) error {
	if MayHoldSeed(name) {
		return &nameError{"a seed stands where the name of a key belongs", "treat the seed as exposed: it may be in the shell history by now"}
	}
	switch {
	case name == "":
		return badName("a name must not be empty")
	case len(name) > longestName:
		return badName("a name has at most %d characters, not %d", longestName, len(name))
	case !isNameStart(name[0]):
		return badName("the name %q does not start with a letter or digit", name)
	case isDevice(name):
		return &nameError{fmt.Sprintf("the name %q is that of a device on Windows", name), "choose another name"}
	}
	for i := range len(name) {
		if c := name[i]; !isNameStart(c) && !strings.ContainsRune("._-", rune(c)) {
			return badName("the name %q has a character that is not allowed, at position %d", name, i+1)
		}
	}
	return nil
}

// nameError is a name that no key can have.
type nameError struct{ message, hint string }

func (e *nameError) Error() string { return e.message }

// Hint says what to do.
func (e *nameError) Hint() string { return e.hint }

func badName(format string, args ...any) error {
	return &nameError{fmt.Sprintf(format, args...), nameRule}
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
