package lattice

import (
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/keys"
)

// Version is the version of the manifest's format that this package reads and
// writes.
const Version = 1

// Manifest is what a manifest file says. It holds no secret.
type Manifest struct {
	Lattice    string   // the lattice prefix: one NATS token
	Target     Target   // what hosts without a target of their own run
	Keystore   string   // the URI of the keystore that holds the seeds
	Issuers    []Issuer // in the order hosts list them
	Hosts      []Host
	NATS       NATS   // how hosts reach NATS that do not say so themselves
	Generation uint64 // grows with every change of any host's environment

	MaxAge   time.Duration // how old a key may get; 0 where the manifest does not say
	MinSoak  time.Duration // how long every host signs with a new key before the old one is retired
	Rotation *Rotation     // nil while the lattice is steady
	Denied   []Denial      // compromised keys, which are never issuers again
}

// Issuer is a cluster key whose invocations the hosts accept.
type Issuer struct {
	Name      string // also the name of the seed in the keystore
	PublicKey keys.PublicKey
	Created   time.Time // UTC, whole seconds; zero where the manifest does not say
}

// Host is one host of the lattice.
type Host struct {
	Name      string
	SignsWith string // the name of an issuer
	Target    Target // the zero Target where the manifest's applies
	NATS      NATS   // what of the manifest's settings is different for this host
	Env       []Variable
}

// Equal reports whether two hosts are said to be the same.
func (h Host) Equal(o Host) bool {
	return h.Name == o.Name && h.SignsWith == o.SignsWith && h.Target == o.Target &&
		h.NATS == o.NATS && slices.Equal(h.Env, o.Env)
}

// Host finds a host by its exact name.
func (m Manifest) Host(name string) (Host, bool) {
	i := slices.IndexFunc(m.Hosts, func(h Host) bool { return h.Name == name })
	if i < 0 {
		return Host{}, false
	}
	return m.Hosts[i], true
}

// Issuer finds an issuer by its exact name.
func (m Manifest) Issuer(name string) (Issuer, bool) {
	i := slices.IndexFunc(m.Issuers, func(is Issuer) bool { return is.Name == name })
	if i < 0 {
		return Issuer{}, false
	}
	return m.Issuers[i], true
}

// TargetOf is what the host runs: its own target, or else the manifest's.
func (m Manifest) TargetOf(h Host) Target {
	if h.Target.IsZero() {
		return m.Target
	}
	return h.Target
}

// Accepted are the public keys every host accepts, in the manifest's order.
func (m Manifest) Accepted() keys.Issuers {
	accepted := make(keys.Issuers, 0, len(m.Issuers))
	seen := make(map[keys.PublicKey]bool, len(m.Issuers))
	for _, is := range m.Issuers {
		if !seen[is.PublicKey] {
			seen[is.PublicKey] = true
			accepted = append(accepted, is.PublicKey)
		}
	}
	return accepted
}

// Equal reports whether two manifests say the same.
func (m Manifest) Equal(o Manifest) bool {
	return m.Lattice == o.Lattice && m.Target == o.Target && m.Keystore == o.Keystore &&
		m.Generation == o.Generation && m.NATS == o.NATS && slices.EqualFunc(m.Hosts, o.Hosts, Host.Equal) &&
		slices.EqualFunc(m.Issuers, o.Issuers, Issuer.equal) &&
		m.MaxAge == o.MaxAge && m.MinSoak == o.MinSoak && m.Rotation.equal(o.Rotation) &&
		slices.EqualFunc(m.Denied, o.Denied, Denial.equal)
}

func (is Issuer) equal(o Issuer) bool {
	return is.Name == o.Name && is.PublicKey == o.PublicKey && is.Created.Equal(o.Created)
}

// Clone shares no memory with m that anybody writes to.
func (m Manifest) Clone() Manifest {
	m.Issuers, m.Hosts, m.Denied = slices.Clone(m.Issuers), slices.Clone(m.Hosts), slices.Clone(m.Denied)
	for i, h := range m.Hosts {
		m.Hosts[i].Env = slices.Clone(h.Env)
	}
	m.Rotation = m.Rotation.clone()
	return m
}
