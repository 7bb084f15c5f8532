package keystore

import (
	"fmt"
	"strings"

	"github.com/latch-keys/latch/internal/keys"
)

const maxName = 64

// CheckName reports whether a key can have the name in every store: one to 64
// of the letters A-Z a-z, digits and . _ - with a letter or digit first, and no
// device name of Windows. The error matches ErrName. What may be a seed is
// refused without being repeated.
func CheckName(name string) error {
	if keys.Diagnose(name, keys.Want{Role: keys.RolePublic}).Role == keys.RoleSeed {
		return badName("a seed stands where the name of a key belongs",
			"treat the seed as exposed: it may be in the shell history by now")
	}
	switch {
	case name == "":
		return badName("the name of a key must not be empty", nameRule)
	case len(name) > maxName:
		return badName(fmt.Sprintf("the name of a key has at most %d characters, not %d", maxName, len(name)), nameRule)
	case !isAlphanumeric(name[0]):
		return badName(fmt.Sprintf("the name %q does not start with a letter or digit", name), nameRule)
	case isDevice(name):
		return badName(fmt.Sprintf("the name %q is that of a device on Windows", name), "choose another name")
	}
	for i := range len(name) {
		if c := name[i]; !isAlphanumeric(c) && !strings.ContainsRune("._-", rune(c)) {
			return badName(fmt.Sprintf("the name %q has a character that is not allowed, at position %d", name, i+1), nameRule)
		}
	}
	return nil
}

const nameRule = "use letters, digits, dot, underscore and hyphen, a letter or digit first"

func badName(message, hint string) error {
	return &fault{kind: ErrName, message: message, hint: hint}
}

func isAlphanumeric(c byte) bool {
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

// clash reports a name already taken that differs from name by case only:
// files on Windows and macOS, and readers, would confuse the two.
func clash(name string, taken []string) error {
	for _, other := range taken {
		if other != name && strings.EqualFold(other, name) {
			return &fault{
				kind:    ErrExists,
				message: fmt.Sprintf("the name %q differs from %q, which is taken, only by case", name, other),
				hint:    "choose another name",
			}
		}
	}
	return nil
}
