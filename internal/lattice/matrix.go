package lattice

import (
	"slices"

	"github.com/latch-keys/latch/internal/keys"
)

// Standing is what one host signs with and whom it accepts: as the manifest
// has it, as an env file says, or as a running host was observed.
type Standing struct {
	Host    string
	Signs   keys.PublicKey
	Accepts keys.Issuers
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

// Matrix says who accepts whom: rows sign, columns accept. The zero Matrix has
// no hosts.
type Matrix struct {
	standings []Standing
	accepts   []map[keys.PublicKey]bool // by column
}

// Refusal is one pair of hosts of which the acceptor refuses what the signer
// signs.
type Refusal struct {
	Signer, Acceptor string
	Key              keys.PublicKey // what the signer signs with; zero where it signs with none
}

// NewMatrix holds the standings against each other, in their order.
func NewMatrix(standings []Standing) Matrix {
	m := Matrix{standings: standings, accepts: make([]map[keys.PublicKey]bool, len(standings))}
	var last keys.Issuers // as a rule all hosts accept the same
	set := map[keys.PublicKey]bool{}
	for i, s := range standings {
		if !slices.Equal(s.Accepts, last) {
			last, set = s.Accepts, make(map[keys.PublicKey]bool, len(s.Accepts))
			for _, key := range last {
				set[key] = true
			}
		}
		m.accepts[i] = set
	}
	return m
}

// Standings are the hosts of the rows and of the columns.
func (m Matrix) Standings() []Standing { return m.standings }

// Accepts reports whether the host of the column accepts what the host of the
// row signs. A host that signs with no key is accepted by nobody.
func (m Matrix) Accepts(signer, acceptor int) bool {
	key := m.standings[signer].Signs
	return !key.IsZero() && m.accepts[acceptor][key]
}

// Refusals are the pairs that cannot talk, by rows. In a lattice that works there
// are none.
func (m Matrix) Refusals() []Refusal {
	var all []Refusal
	for row, signer := range m.standings {
		for column, acceptor := range m.standings {
			if !m.Accepts(row, column) {
				all = append(all, Refusal{signer.Host, acceptor.Host, signer.Signs})
			}
		}
	}
	return all
}
