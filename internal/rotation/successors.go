package rotation

import "github.com/latch-keys/latch/internal/lattice"

// successors finds which key follows the one that a host signs with; a
// succession for that host alone comes before one for all.
type successors struct {
	own     map[[2]string]string // by host and old key
	general map[string]string    // by old key
}

func newSuccessors(r *lattice.Rotation) successors {
	s := successors{own: map[[2]string]string{}, general: map[string]string{}}
	for _, k := range r.Keys {
		if k.Host == "" {
			s.general[k.Old] = k.New
		} else {
			s.own[[2]string{k.Host, k.Old}] = k.New
		}
	}
	return s
}

func (s successors) of(host, old string) (next string, ok bool) {
	if next, ok = s.own[[2]string{host, old}]; !ok {
		next, ok = s.general[old]
	}
	return next, ok
}

// oldKeys are the names of the keys that the rotation gives up.
func oldKeys(r *lattice.Rotation) map[string]bool {
	old := make(map[string]bool, len(r.Keys))
	for _, k := range r.Keys {
		old[k.Old] = true
	}
	return old
}

// issuersByName gives an issuer by its name.
func issuersByName(m lattice.Manifest) map[string]lattice.Issuer {
	byName := make(map[string]lattice.Issuer, len(m.Issuers))
	for _, is := range m.Issuers {
		byName[is.Name] = is
	}
	return byName
}
