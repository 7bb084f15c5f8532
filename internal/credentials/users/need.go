package users

import (
	"fmt"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// Need is why a connection's user is issued anew.
type Need string

// The needs. The values are stable: scripts match them in JSON output.
const (
	UpToDate    Need = ""            // none: the user stays
	NoUser      Need = "none_yet"    // there is none, or none that latch can read
	OtherIssuer Need = "account"     // it belongs to another account
	IsRevoked   Need = "revoked"     // it is revoked: a new key is needed
	IsDue       Need = "expires"     // it has expired, or will soon
	Differs     Need = "permissions" // it may do more or less than its host needs
	NoSeed      Need = "seed"        // its seed is not in the keystore
)

// Needs judges the user that a connection logs in as.
type Needs struct {
	Settings lattice.NATSUsers
	Now      time.Time
}

// Of says why the connection needs a new user in the place of the one of this JWT,
// which may be zero. seed is the key of the seed that the keystore has for it.
func (n Needs) Of(current lattice.UserJWT, seed keys.PublicKey, wanted permissions.Set, scoped bool) Need {
	if current.Text == "" {
		return NoUser
	}
	_, revoked := n.Settings.RevocationOf(current.Subject)
	left := current.Expires.Sub(n.Now)
	switch {
	case current.Account != n.Settings.Account:
		return OtherIssuer
	case revoked:
		return IsRevoked
	case !current.Expires.IsZero() && left <= n.Settings.RenewWithin():
		return IsDue
	case scoped != (current.Rights == nil), !scoped && !sameRights(*current.Rights, lattice.RightsIn(claimsOf(wanted))):
		return Differs
	case seed != current.Subject:
		return NoSeed
	}
	return UpToDate
}

// String says the need to a person.
func (n Need) String() string {
	switch n {
	case UpToDate:
		return "up to date"
	case NoUser:
		return "it has none yet"
	case OtherIssuer:
		return "its user belongs to another account"
	case IsRevoked:
		return "its user is revoked"
	case IsDue:
		return "its user expires soon, or has expired"
	case Differs:
		return "its user may do more, or less, than it needs"
	case NoSeed:
		return "the seed of its user is not in the keystore"
	}
	return fmt.Sprintf("need %q", string(n))
}
