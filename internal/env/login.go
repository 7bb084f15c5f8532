package env

import (
	"fmt"

	"github.com/latch-keys/latch/internal/credentials"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// used keeps the logins that the host is given: nothing for a connection without a user.
func used(all credentials.Logins, n lattice.NATS) credentials.Logins {
	kept := make(credentials.Logins, len(all))
	for p, login := range all {
		if n.For(p).LogsIn() {
			kept[p] = login
		}
	}
	return kept
}

// judgeLogins refuses to leave out a login that the manifest speaks of.
func (in inputs) judgeLogins() error {
	for _, p := range wasmcloud.Purposes() {
		connection := in.nats.For(p)
		if missing := missingOf(connection, in.target, in.logins[p]); connection.LogsIn() && missing != "" {
			return fmt.Errorf("host %q cannot log in to NATS for %s: the %s is not at hand", in.host.Name, p, missing)
		}
	}
	return nil
}

// missingOf names what the login of a connection lacks.
func missingOf(c lattice.Connection, t wasmcloud.Target, l credentials.Login) string {
	switch {
	case c.Creds != "" && t.ReadsCredsFiles():
		if l.File() == "" {
			return "path of its credentials file"
		}
	case l.Seed().IsZero():
		return "seed"
	case l.JWT() == "" && (c.JWT != "" || c.Creds != ""):
		return "JWT"
	}
	return ""
}
