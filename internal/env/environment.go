package env

import (
	"fmt"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

// Environment is everything one host is told.
type Environment struct {
	Lattice     string
	Host        string
	Target      lattice.Target
	Generation  uint64         // the manifest's
	PublicKey   keys.PublicKey // what the host signs with
	Assignments []Assignment   // in the order of Variables
}

// For makes the environment of one host of the manifest. seed is the cluster
// seed the host signs with; the Environment shares it, so that it ends when the
// caller wipes it. The issuers are the manifest's, in its order, the host's own
// key always among them.
//
// The errors match ErrUnknownHost, ErrKeysIgnored or ErrWrongSeed where one of
// these is the cause.
func For(m lattice.Manifest, host string, seed keys.Seed) (Environment, error) {
	h, ok := m.Host(host)
	if !ok {
		return Environment{}, unknownHost(m, host)
	}
	target := m.TargetOf(h)
	if err := judge(m, h, target); err != nil {
		return Environment{}, err
	}
	if err := judgeSeed(m, h, seed); err != nil {
		return Environment{}, err
	}
	e := Environment{
		Lattice:    m.Lattice,
		Host:       h.Name,
		Target:     target,
		Generation: m.Generation,
		PublicKey:  seed.PublicKey(),
	}
	told := facts{lattice: m.Lattice, issuers: m.Accepted(), seed: seed}
	for _, v := range Variables() {
		if v.ReadBy(target) {
			a := v.value(told)
			a.Name = v.Name
			e.Assignments = append(e.Assignments, a)
		}
	}
	return e, nil
}

// judge refuses what a decoded manifest cannot hold but one made in memory can,
// and the targets that cluster keys do nothing for.
func judge(m lattice.Manifest, h lattice.Host, target lattice.Target) error {
	if target.IgnoresClusterKeys() {
		return keysIgnored(h.Name, target)
	}
	if target.IsZero() {
		return fmt.Errorf("host %q has no target: neither it nor the manifest names one", h.Name)
	}
	if err := lattice.CheckPrefix(m.Lattice); err != nil {
		return err
	}
	for _, issuer := range m.Issuers {
		if kind := issuer.PublicKey.Kind(); kind != keys.Cluster {
			return fmt.Errorf("issuer %q is of kind %s, not a cluster key", issuer.Name, kind)
		}
	}
	return nil
}

// judgeSeed refuses any seed but the one the manifest says the host signs with.
func judgeSeed(m lattice.Manifest, h lattice.Host, seed keys.Seed) error {
	issuer, ok := m.Issuer(h.SignsWith)
	switch {
	case !ok:
		return fmt.Errorf("host %q signs with %q, which is no issuer of the manifest", h.Name, h.SignsWith)
	case seed.IsZero():
		return fmt.Errorf("no seed is at hand for host %q, which signs with %q", h.Name, h.SignsWith)
	case seed.PublicKey() != issuer.PublicKey:
		return wrongSeed(h, issuer, seed)
	}
	return nil
}
