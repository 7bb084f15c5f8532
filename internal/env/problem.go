package env

import (
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/similar"
)

func unknownHost(m lattice.Manifest, host string) error {
	// What is no name may be a secret that slipped: CheckName does not repeat one.
	if err := lattice.CheckName(host); err != nil {
		return err
	}
	known := make([]string, len(m.Hosts))
	for i, h := range m.Hosts {
		known[i] = h.Name
	}
	return fault.New(fault.NotFound, "lattice %q has no host %q%s", m.Lattice, host, similar.Question(host, known)).
		WithHint("latch hosts list shows the hosts, latch hosts add makes one known")
}

func wrongSeed(h lattice.Host, issuer lattice.Issuer, seed keys.Seed) error {
	if seed.Kind() != keys.Cluster {
		return fault.New(fault.Refused, "the seed for host %q is a %s seed, that of %s: %q is cluster key %s",
			h.Name, seed.Kind(), seed.PublicKey(), issuer.Name, issuer.PublicKey).
			WithHint("only a cluster seed can sign invocations")
	}
	return fault.New(fault.Refused, "the seed for host %q is that of %s, but the manifest says that it signs with %q, %s",
		h.Name, seed.PublicKey(), issuer.Name, issuer.PublicKey).
		WithHint("compare latch keys get %s with the manifest: one of the two was replaced", issuer.Name)
}
