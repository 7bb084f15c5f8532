package env

import (
	"fmt"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Login is how a host proves to NATS who it is.
type Login struct {
	JWT  string    // a user JWT; empty where the seed alone does
	Seed keys.Seed // the user's, for the caller to wipe
	File string    // the path of a credentials file, for hosts that read it themselves
}

// Logins are those of one host, by what it connects for.
type Logins map[wasmcloud.Purpose]Login

// used keeps what the host is told: nothing for a connection without a user, and
// the file or what is in it, whichever the host reads.
func (l Logins) used(t wasmcloud.Target, n lattice.NATS) Logins {
	kept := make(Logins, len(l))
	for _, p := range wasmcloud.Purposes() {
		login, connection := l[p], n.For(p)
		switch {
		case !connection.LogsIn():
		case connection.Creds != "" && t.ReadsCredsFiles():
			kept[p] = Login{File: login.File}
		default:
			kept[p] = Login{JWT: login.JWT, Seed: login.Seed}
		}
	}
	return kept
}

// judgeLogins refuses logins that are not what the manifest says, or with which
// the server would let nobody in: a seed that is no user's, or a JWT issued to
// another user.
func judgeLogins(f inputs) error {
	for _, p := range wasmcloud.Purposes() {
		login, logsIn := f.logins[p]
		if !logsIn {
			continue
		}
		if err := judgeLogin(f.nats.For(p), f.target, login); err != nil {
			return fmt.Errorf("host %q cannot log in to NATS for %s: %w", f.host.Name, p, err)
		}
	}
	return nil
}

func judgeLogin(c lattice.Connection, t wasmcloud.Target, l Login) error {
	switch {
	case c.Creds != "" && t.ReadsCredsFiles():
		if l.File == "" {
			return fmt.Errorf("the path of its credentials file is not at hand")
		}
		return nil
	case l.Seed.IsZero():
		return fmt.Errorf("the seed is not at hand")
	case l.Seed.Kind() != keys.User:
		return &problem{
			cause:   ErrWrongSeed,
			message: fmt.Sprintf("the seed of %s is a %s seed, not a user's", l.Seed.PublicKey(), l.Seed.Kind()),
			hint:    "a user's seed starts with SU: name its key as seed",
		}
	case l.JWT == "" && (c.JWT != "" || c.Creds != ""):
		return fmt.Errorf("the JWT is not at hand")
	case l.JWT == "":
		return nil
	}
	user, err := lattice.ParseUserJWT(l.JWT)
	if err != nil {
		return err
	}
	if user.Subject != l.Seed.PublicKey() {
		return &problem{
			cause:   ErrWrongSeed,
			message: fmt.Sprintf("the seed is that of %s, but the JWT was issued to %s", l.Seed.PublicKey(), user.Subject),
			hint:    "the server would refuse the pair: name the seed of that user, or a JWT issued to this one",
		}
	}
	return nil
}
