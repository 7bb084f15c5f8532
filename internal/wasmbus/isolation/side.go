package isolation

import (
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/natsconn"
)

// Side is one of the two lattices, with connections as one of its hosts.
type Side struct {
	Lattice string
	Account keys.PublicKey // of its users; zero where that is not known
	Control *natsconn.Conn
	RPC     *natsconn.Conn
	// Subject gives a subject of the lattice that its hosts may use on a connection
	// and that no program does; the token makes it one of its own.
	ControlSubject, RPCSubject func(token string) string
	Buckets                    []string // the streams that its hosts keep
	API                        string   // what begins the subjects of JetStream
}

// connections are those of the side, by what they are for.
func (s Side) connections() []named {
	return []named{{"ctl", s.Control, s.ControlSubject}, {"rpc", s.RPC, s.RPCSubject}}
}

type named struct {
	purpose string
	conn    *natsconn.Conn
	subject func(token string) string
}

// sameAccount reports whether both sides are known to share an account.
func sameAccount(a, b Side) bool { return !a.Account.IsZero() && a.Account == b.Account }
