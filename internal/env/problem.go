package env

import (
	"errors"
	"fmt"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

// The causes that callers tell apart with errors.Is.
var (
	// ErrUnknownHost: the manifest names no such host.
	ErrUnknownHost = errors.New("unknown host")
	// ErrWrongSeed: a seed is not that of the key the host signs with, or of the
	// user it logs in as.
	ErrWrongSeed = errors.New("wrong seed")
	// ErrUnfit: the dialect cannot carry a value.
	ErrUnfit = errors.New("value does not fit the dialect")
)

// problem is an error with its remedy.
type problem struct {
	cause   error // one of the above
	message string
	hint    string
}

// Error says what is wrong.
func (p *problem) Error() string { return p.message }

// Hint says what to do about it.
func (p *problem) Hint() string { return p.hint }

// Unwrap gives the cause to match.
func (p *problem) Unwrap() error { return p.cause }

func unknownHost(m lattice.Manifest, host string) error {
	// What is no name may be a secret that slipped: CheckName does not repeat one.
	if err := lattice.CheckName(host); err != nil {
		return err
	}
	return &problem{
		cause:   ErrUnknownHost,
		message: fmt.Sprintf("lattice %q has no host %q", m.Lattice, host),
		hint:    "latch hosts list shows the hosts, latch hosts add makes one known",
	}
}

func wrongSeed(h lattice.Host, issuer lattice.Issuer, seed keys.Seed) error {
	if seed.Kind() != keys.Cluster {
		return &problem{
			cause: ErrWrongSeed,
			message: fmt.Sprintf("the seed for host %q is a %s seed, that of %s: %q is cluster key %s",
				h.Name, seed.Kind(), seed.PublicKey(), issuer.Name, issuer.PublicKey),
			hint: "only a cluster seed can sign invocations",
		}
	}
	return &problem{
		cause: ErrWrongSeed,
		message: fmt.Sprintf("the seed for host %q is that of %s, but the manifest says that it signs with %q, %s",
			h.Name, seed.PublicKey(), issuer.Name, issuer.PublicKey),
		hint: fmt.Sprintf("compare latch keys get %s with the manifest: one of the two was replaced", issuer.Name),
	}
}
