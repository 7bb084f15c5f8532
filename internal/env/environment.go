package env

import (
	"fmt"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Environment is the environment of one host.
type Environment struct {
	Lattice     string
	Host        string
	Target      wasmcloud.Target
	Generation  uint64         // the manifest's
	Told        string         // what the manifest has the host told, in short; empty where no manifest is at hand
	PublicKey   keys.PublicKey // what the host signs with; zero where its target ignores cluster keys
	Assignments []Assignment   // in the order in which they are written, then those of the host's own
}

// judge refuses what a host cannot be given, and what a decoded manifest cannot
// hold but one made in memory can.
func (b *Builder) judge(in inputs) error {
	if b.flaw != nil {
		return b.flaw
	}
	if in.target.IsZero() {
		return fmt.Errorf("host %q has no target: neither it nor the manifest names one", in.host.Name)
	}
	for _, own := range in.host.Env {
		if err := lattice.CheckVariable(own.Name); err != nil {
			return err
		}
	}
	if err := b.manifest.CheckNATS(in.host); err != nil {
		return err
	}
	if !in.target.IgnoresClusterKeys() {
		if err := in.judgeSeed(); err != nil {
			return err
		}
		if err := b.judgePublished(in.issuer); err != nil {
			return err
		}
	}
	return in.judgeLogins()
}

// judgeSeed refuses any seed but the one the manifest says the host signs with.
func (in inputs) judgeSeed() error {
	h, issuer := in.host, in.issuer
	switch {
	case issuer.Name == "":
		return fmt.Errorf("host %q signs with %q, which is no issuer of the manifest", h.Name, h.SignsWith)
	case in.seed.IsZero():
		return fmt.Errorf("no seed is at hand for host %q, which signs with %q", h.Name, h.SignsWith)
	case in.seed.PublicKey() != issuer.PublicKey:
		return wrongSeed(h, issuer, in.seed)
	}
	return nil
}

// judgePublished refuses to have a host sign with a seed that anyone can read, but
// while a rotation takes the lattice away from it.
func (b *Builder) judgePublished(issuer lattice.Issuer) error {
	found, known := b.published(issuer.PublicKey)
	if leaving := b.manifest.Rotation != nil && b.manifest.Rotation.Involves(issuer.Name); !known || !found.WithSeed || leaving {
		return nil
	}
	return fault.New(fault.Refused, "the seed of %q, %s, is published in %s: anyone can sign with it", issuer.Name, issuer.PublicKey, found.Repository).
		WithHint("replace it by a key of your own: latch issuers rotate start")
}
