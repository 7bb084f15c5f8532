package lattice

import (
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/keys"
)

// Standing is what one host signs with and whom it accepts. Without Signs it is
// that of a host that signs with no key known here.
type Standing struct {
	Host    string
	Signs   keys.PublicKey
	Accepts keys.Issuers

	// Deployed: this is how the host was told before, and it may still run so
	// while others run as they are told now. It never does both.
	Deployed bool
}

// Same reports whether two standings are of the same host and say the same.
func (s Standing) Same(o Standing) bool {
	return s.Host == o.Host && s.Signs == o.Signs && sameList(s.Accepts, o.Accepts)
}

// sameList reports whether two lists hold the same keys in the same order. As a
// rule hosts share one list in memory, which need not be read then.
func sameList(a, b keys.Issuers) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0] || slices.Equal(a, b))
}

// Standings are the hosts as the manifest has them, in its order.
func (m Manifest) Standings() []Standing {
	signs := make(map[string]keys.PublicKey, len(m.Issuers))
	for _, is := range m.Issuers {
		signs[is.Name] = is.PublicKey
	}
	accepted := m.Accepted()
	all := make([]Standing, len(m.Hosts))
	for i, h := range m.Hosts {
		all[i] = Standing{Host: h.Name, Signs: signs[h.SignsWith], Accepts: accepted}
	}
	return all
}

// Evidence says how something is known of a host.
type Evidence string

// The kinds of evidence, the weakest first.
const (
	Attested Evidence = "attested" // an operator says so
	Read     Evidence = "read"     // from the env file that lies on the host
	Observed Evidence = "observed" // from the running host
)

// Evidences lists the kinds of evidence, the weakest first.
func Evidences() []Evidence { return []Evidence{Attested, Read, Observed} }

// Observation is what is known of a host: what it signs with and accepts, how
// that is known, and since when. Files, words and running hosts all give it.
type Observation struct {
	Standing
	Generation uint64 // that the host was told; 0 where it does not show
	Evidence   Evidence
	At         time.Time

	// Source is where it was seen: the path of an env file, or what a running host
	// is called. It is for people, and not kept in the manifest.
	Source string
	// Doubt says why the source does not settle what the host runs with, such as a
	// file that its possible readers do not read alike. An observation in doubt
	// proves nothing, and is not kept in the manifest either.
	Doubt string
}

// Certain reports whether the observation settles what the host runs with.
func (o Observation) Certain() bool { return o.Doubt == "" }

func (o Observation) equal(p Observation) bool {
	return o.Evidence == p.Evidence && o.Generation == p.Generation && o.At.Equal(p.At) && o.Same(p.Standing)
}
