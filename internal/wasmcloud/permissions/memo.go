package permissions

import "github.com/latch-keys/latch/internal/wasmcloud"

// Memo derives what users need once for all hosts that are alike. Its sets are
// shared: nobody changes them.
type Memo map[asked]answer

type asked struct {
	setup Setup
	role  wasmcloud.Role
}

type answer struct {
	set Set
	err error
}

// Needs is Setup.Needs.
func (m Memo) Needs(s Setup, role wasmcloud.Role) (Set, error) {
	key := asked{s, role}
	known, found := m[key]
	if !found {
		known.set, known.err = s.Needs(role)
		m[key] = known
	}
	return known.set, known.err
}
