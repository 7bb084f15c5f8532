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
	PublicKey   keys.PublicKey // what the host signs with; zero where its target ignores cluster keys
	Assignments []Assignment   // in the order of Variables, then those of the host's own
}

// For makes the environment of one host of the manifest. seed is the cluster
// seed the host signs with, and of no account where its target ignores cluster
// keys; logins are its credentials for NATS. The Environment shares them, so
// that it ends when the caller wipes them. The issuers are the manifest's, in its
// order, the host's own key always among them.
//
// The errors match ErrUnknownHost, ErrWrongSeed, lattice.ErrCannot or
// lattice.ErrJWT where one of these is the cause.
func For(m lattice.Manifest, host string, seed keys.Seed, logins Logins) (Environment, error) {
	h, ok := m.Host(host)
	if !ok {
		return Environment{}, unknownHost(m, host)
	}
	told := facts{manifest: m, host: h, target: m.TargetOf(h), nats: m.NATSOf(h), seed: seed}
	told.logins = logins.used(told.target, told.nats)
	e := Environment{Lattice: m.Lattice, Host: h.Name, Target: told.target, Generation: m.Generation}
	if err := judge(told); err != nil {
		return Environment{}, err
	}
	if !told.target.IgnoresClusterKeys() {
		e.PublicKey = seed.PublicKey()
	}
	for _, v := range Variables() {
		if !v.Written() || !v.ReadBy(told.target) {
			continue
		}
		if a := v.assign(told); !a.isEmpty() {
			a.Name = v.Name
			e.Assignments = append(e.Assignments, a)
		}
	}
	for _, own := range h.Env {
		e.Assignments = append(e.Assignments, Assignment{Name: own.Name, plain: own.Value})
	}
	return e, nil
}

// judge refuses what a host cannot be told, and what a decoded manifest cannot
// hold but one made in memory can.
func judge(f facts) error {
	if f.target.IsZero() {
		return fmt.Errorf("host %q has no target: neither it nor the manifest names one", f.host.Name)
	}
	if err := lattice.CheckPrefix(f.manifest.Lattice); err != nil {
		return err
	}
	for _, own := range f.host.Env {
		if err := lattice.CheckVariable(own.Name); err != nil {
			return err
		}
	}
	for _, issuer := range f.manifest.Issuers {
		if kind := issuer.PublicKey.Kind(); kind != keys.Cluster {
			return fmt.Errorf("issuer %q is of kind %s, not a cluster key", issuer.Name, kind)
		}
	}
	if err := f.manifest.CheckNATS(f.host); err != nil {
		return err
	}
	if !f.target.IgnoresClusterKeys() {
		if err := judgeSeed(f.manifest, f.host, f.seed); err != nil {
			return err
		}
	}
	return judgeLogins(f)
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
