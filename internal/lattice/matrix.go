package lattice

import (
	"slices"

	"github.com/latch-keys/latch/internal/keys"
)

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

// Meet reports whether the two can run at the same time: all can, but for a host
// as it was told before and as it is told now.
func (m Matrix) Meet(row, column int) bool {
	a, b := m.standings[row], m.standings[column]
	return a.Host != b.Host || a.Deployed == b.Deployed
}

// Refusals are the pairs that cannot talk, by rows. In a lattice that works there
// are none.
func (m Matrix) Refusals() []Refusal {
	var all []Refusal
	refusing := map[keys.PublicKey][]int{} // the columns, by key: many rows share one
	for row, signer := range m.standings {
		columns, known := refusing[signer.Signs]
		if !known {
			columns = m.refusing(row)
			refusing[signer.Signs] = columns
		}
		for _, column := range columns {
			if m.Meet(row, column) {
				all = append(all, Refusal{signer.Host, m.standings[column].Host, signer.Signs})
			}
		}
	}
	return all
}

// refusing are the columns that do not accept what the row signs.
func (m Matrix) refusing(row int) []int {
	var columns []int
	for column := range m.standings {
		if !m.Accepts(row, column) {
			columns = append(columns, column)
		}
	}
	return columns
}

// Mix is how hosts stand while a change is being deployed: any of them may still
// run as deployed, the rest as in next. A host that stays the same is there once.
func Mix(next, deployed []Standing) []Standing {
	current := make(map[string]Standing, len(next))
	for _, s := range next {
		current[s.Host] = s
	}
	mixed := slices.Clone(next)
	for _, s := range deployed {
		s.Deployed = true
		if now, kept := current[s.Host]; !kept || now.Signs != s.Signs || !sameKeys(now.Accepts, s.Accepts) {
			mixed = append(mixed, s)
		}
	}
	return mixed
}

// sameKeys reports whether two lists hold the same keys, in whatever order.
func sameKeys(a, b keys.Issuers) bool {
	if len(a) != len(b) {
		return false
	}
	return !slices.ContainsFunc(a, func(key keys.PublicKey) bool { return !b.Contains(key) })
}
