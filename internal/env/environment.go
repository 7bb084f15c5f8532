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

// For makes the environment of one host of the manifest, as a Teller does.
func For(m lattice.Manifest, host string, seed keys.Seed, logins Logins) (Environment, error) {
	return NewTeller(m).For(host, seed, logins)
}

// judge refuses what a host cannot be told, and what a decoded manifest cannot
// hold but one made in memory can.
func (t *Teller) judge(f facts) error {
	if t.flaw != nil {
		return t.flaw
	}
	if f.target.IsZero() {
		return fmt.Errorf("host %q has no target: neither it nor the manifest names one", f.host.Name)
	}
	for _, own := range f.host.Env {
		if err := lattice.CheckVariable(own.Name); err != nil {
			return err
		}
	}
	if err := t.manifest.CheckNATS(f.host); err != nil {
		return err
	}
	if !f.target.IgnoresClusterKeys() {
		if err := f.judgeSeed(); err != nil {
			return err
		}
	}
	return judgeLogins(f)
}

// judgeSeed refuses any seed but the one the manifest says the host signs with.
func (f facts) judgeSeed() error {
	h, issuer := f.host, f.issuer
	switch {
	case issuer.Name == "":
		return fmt.Errorf("host %q signs with %q, which is no issuer of the manifest", h.Name, h.SignsWith)
	case f.seed.IsZero():
		return fmt.Errorf("no seed is at hand for host %q, which signs with %q", h.Name, h.SignsWith)
	case f.seed.PublicKey() != issuer.PublicKey:
		return wrongSeed(h, issuer, f.seed)
	}
	return nil
}
