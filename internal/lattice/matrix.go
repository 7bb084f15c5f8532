package lattice

import (
	"slices"

	"github.com/latch-keys/latch/internal/keys"
)

// Matrix says who accepts whom: rows sign, columns accept. The zero Matrix has
// no hosts. As a rule few lists of keys are accepted, by many hosts each, so that
// each list is held against each key once, not each host against each host.
type Matrix struct {
	standings []Standing
	lists     []acceptList
	listOf    []int // the list that each column accepts
}

// acceptList is a list of keys that some hosts accept.
type acceptList struct {
	keys    keys.Issuers
	set     map[keys.PublicKey]bool
	columns []int // of the hosts that accept it
}

// Refusal is one pair of hosts of which the acceptor refuses what the signer
// signs.
type Refusal struct {
	Signer, Acceptor string
	Key              keys.PublicKey // what the signer signs with; zero where it signs with none
}

// NewMatrix holds the standings against each other, in their order.
func NewMatrix(standings []Standing) Matrix {
	m := Matrix{standings: standings, listOf: make([]int, len(standings))}
	type ends struct {
		length      int
		first, last keys.PublicKey
	}
	alike := map[ends][]int{} // lists that look alike from outside
	for column, s := range standings {
		var at ends
		if n := len(s.Accepts); n > 0 {
			at = ends{n, s.Accepts[0], s.Accepts[n-1]}
		}
		list := slices.IndexFunc(alike[at], func(l int) bool { return sameList(m.lists[l].keys, s.Accepts) })
		if list >= 0 {
			list = alike[at][list]
		} else {
			list = len(m.lists)
			alike[at] = append(alike[at], list)
			m.lists = append(m.lists, newAcceptList(s.Accepts))
		}
		m.listOf[column] = list
		m.lists[list].columns = append(m.lists[list].columns, column)
	}
	return m
}

func newAcceptList(accepts keys.Issuers) acceptList {
	l := acceptList{keys: accepts, set: make(map[keys.PublicKey]bool, len(accepts))}
	for _, key := range accepts {
		l.set[key] = true
	}
	return l
}

// accepts reports whether who has the list accepts what is signed with the key. A
// host that signs with no key is accepted by nobody.
func (l acceptList) accepts(key keys.PublicKey) bool { return !key.IsZero() && l.set[key] }

// Standings are the hosts of the rows and of the columns.
func (m Matrix) Standings() []Standing { return m.standings }

// Accepts reports whether the host of the column accepts what the host of the
// row signs.
func (m Matrix) Accepts(signer, acceptor int) bool {
	return m.lists[m.listOf[acceptor]].accepts(m.standings[signer].Signs)
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
			columns = m.refusing(signer.Signs)
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

// CountRefusals is how many pairs cannot talk; it does not make a list of them.
func (m Matrix) CountRefusals() int {
	refusing := map[keys.PublicKey]int{}
	rowsOf := make(map[string][]int, len(m.standings))
	count := 0
	for row, s := range m.standings {
		columns, known := refusing[s.Signs]
		if !known {
			for _, l := range m.lists {
				if !l.accepts(s.Signs) {
					columns += len(l.columns)
				}
			}
			refusing[s.Signs] = columns
		}
		count += columns
		rowsOf[s.Host] = append(rowsOf[s.Host], row)
	}
	for _, rows := range rowsOf {
		for _, a := range rows {
			for _, b := range rows {
				if !m.Meet(a, b) && !m.Accepts(a, b) {
					count--
				}
			}
		}
	}
	return count
}

// refusing are the columns that do not accept the key.
func (m Matrix) refusing(key keys.PublicKey) []int {
	var columns []int
	for _, l := range m.lists {
		if !l.accepts(key) {
			columns = append(columns, l.columns...)
		}
	}
	slices.Sort(columns)
	return columns
}

// GroupsByKey are the rows of hosts that sign with the same key and accept the
// same.
func (m Matrix) GroupsByKey() [][]int {
	return m.groups(func(row int) alike { return alike{key: m.standings[row].Signs} })
}

// Groups are the rows of hosts that stand alike: they accept the same, and what
// they sign is accepted by the same hosts, whether with one key or with many. In a
// lattice that works all hosts are one group.
func (m Matrix) Groups() [][]int {
	profiles, profileOf := map[string]int{}, map[keys.PublicKey]int{}
	return m.groups(func(row int) alike {
		key := m.standings[row].Signs
		profile, known := profileOf[key]
		if !known {
			profile = m.profile(key, profiles)
			profileOf[key] = profile
		}
		return alike{profile: profile}
	})
}

// alike is what the rows of a group share.
type alike struct {
	key      keys.PublicKey
	profile  int
	list     int
	deployed bool
}

func (m Matrix) groups(signs func(row int) alike) [][]int {
	index := map[alike]int{}
	var groups [][]int
	for row, s := range m.standings {
		at := signs(row)
		at.list, at.deployed = m.listOf[row], s.Deployed
		group, known := index[at]
		if !known {
			group = len(groups)
			index[at] = group
			groups = append(groups, nil)
		}
		groups[group] = append(groups[group], row)
	}
	return groups
}

// profile numbers the ways in which lists take a key.
func (m Matrix) profile(key keys.PublicKey, seen map[string]int) int {
	taken := make([]byte, len(m.lists))
	for i, l := range m.lists {
		if l.accepts(key) {
			taken[i] = 1
		}
	}
	n, known := seen[string(taken)]
	if !known {
		n = len(seen)
		seen[string(taken)] = n
	}
	return n
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
		if now, kept := current[s.Host]; !kept || now.Signs != s.Signs || !now.Accepts.SameSet(s.Accepts) {
			mixed = append(mixed, s)
		}
	}
	return mixed
}
