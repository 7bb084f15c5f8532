package vault

import (
	"regexp"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
)

// Address is what the URI of a store says, vault:MOUNT/PATH. How long the mount is, the
// server knows.
type Address struct{ path string }

// ParseAddress reads what follows vault: in a URI. The error is of the kind fault.Usage.
func ParseAddress(rest string) (Address, error) {
	parts := strings.Split(strings.TrimSuffix(rest, "/"), "/")
	part := regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]*$`)
	if len(parts) < 2 || slices.ContainsFunc(parts, func(s string) bool { return !part.MatchString(s) }) {
		return Address{}, fault.New(fault.Usage, "vault: needs a mount and a path in it, of letters, digits, _, . and -").
			WithHint("as in vault:secret/lattice; the server is named by VAULT_ADDR")
	}
	return Address{path: strings.Join(parts, "/")}, nil
}

// String is the path, the mount's included.
func (a Address) String() string { return a.path }
