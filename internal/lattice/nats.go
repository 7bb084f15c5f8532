package lattice

import "github.com/latch-keys/latch/internal/wasmcloud"

// Purpose is what a host connects to NATS for.
type Purpose = wasmcloud.Purpose

// The purposes.
const (
	RPC         = wasmcloud.RPC
	Control     = wasmcloud.Control
	ProviderRPC = wasmcloud.ProviderRPC
)

// Purposes lists them, in the order of the manifest.
func Purposes() []Purpose { return wasmcloud.Purposes() }

// Switch is a setting that is on, off, or left to the host.
type Switch uint8

// The positions. The zero Switch leaves it to the host.
const (
	Unset Switch = iota
	Off
	On
)

// Connection is how a host reaches NATS for one purpose. What is not set is left
// to the host. It is a comparable value and holds no secret.
type Connection struct {
	Host  string // a name or an address, without scheme and port
	Port  uint16 // 0 where it is not set
	TLS   Switch
	JWT   string // a user JWT, or the path of a file that holds one
	Seed  string // the name, in the keystore, of the user's seed
	Creds string // the path of a credentials file, instead of JWT and Seed
}

// IsZero reports whether nothing is set.
func (c Connection) IsZero() bool { return c == Connection{} }

// LogsIn reports whether the connection is made as a certain user.
func (c Connection) LogsIn() bool { return c.JWT != "" || c.Seed != "" || c.Creds != "" }

// over gives c with what it leaves open taken from the default. A credentials
// file and the pair of JWT and seed are alternatives: setting one of them drops
// the other's default.
func (c Connection) over(base Connection) Connection {
	if c.Creds != "" {
		base.JWT, base.Seed = "", ""
	}
	if c.JWT != "" || c.Seed != "" {
		base.Creds = ""
	}
	return Connection{
		Host:  either(c.Host, base.Host),
		Port:  either(c.Port, base.Port),
		TLS:   either(c.TLS, base.TLS),
		JWT:   either(c.JWT, base.JWT),
		Seed:  either(c.Seed, base.Seed),
		Creds: either(c.Creds, base.Creds),
	}
}

func either[T comparable](own, base T) T {
	var unset T
	if own != unset {
		return own
	}
	return base
}

// NATS is how hosts reach NATS. It is a comparable value and holds no secret.
type NATS struct {
	connections     [3]Connection // by Purpose
	JetStreamDomain string
}

// For is the connection of that purpose.
func (n NATS) For(p Purpose) Connection { return n.connections[p] }

// With gives n with the connection of that purpose set.
func (n NATS) With(p Purpose, c Connection) NATS {
	n.connections[p] = c
	return n
}

// NATSOf is how the host reaches NATS: its own settings, field by field over
// those of the manifest.
func (m Manifest) NATSOf(h Host) NATS {
	n := NATS{JetStreamDomain: either(h.NATS.JetStreamDomain, m.NATS.JetStreamDomain)}
	for _, p := range Purposes() {
		n.connections[p] = h.NATS.For(p).over(m.NATS.For(p))
	}
	return n
}
