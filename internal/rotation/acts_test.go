package rotation

import (
	"fmt"
	"slices"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
)

// errNothingToDo ends an act for which the lattice is too large or too small.
var errNothingToDo = fault.New(fault.Refused, "nothing to do")

// What operators do, as far as it goes through the manifest.

func (k *machine) start(m lattice.Manifest) (lattice.Manifest, error) {
	var s Selection
	switch k.random.IntN(6) {
	case 0:
		s.Shape = Shared
	case 1:
		s.Shape = PerHost
	case 2:
		if len(m.Hosts) > 0 {
			s.Hosts = []string{m.Hosts[k.random.IntN(len(m.Hosts))].Name}
		}
	case 3:
		s.Retire = []string{m.Issuers[k.random.IntN(len(m.Issuers))].Name}
	}
	k.next += 10
	return started(k.plan, m, s, k.next, k.at)
}

// advance looks at the hosts and goes on if it may. Strangers are always seen:
// nobody can promise anything to hosts that were not.
func (k *machine) advance(m lattice.Manifest) (lattice.Manifest, error) {
	if m.Rotation == nil {
		return m, noRotation()
	}
	var seen []lattice.Observation
	var attested, gone []string
	for _, o := range m.Rotation.Observed {
		if !slices.ContainsFunc(k.hosts, func(h *host) bool { return h.name == o.Host }) {
			gone = append(gone, o.Host)
		}
	}
	for _, h := range k.hosts {
		_, member := m.Host(h.name)
		current := h.run.generation >= m.Rotation.Generation
		switch how := k.random.IntN(20); {
		case member && how < 2: // out of reach
		case member && how == 2:
			if current {
				attested = append(attested, h.name)
			}
		case member && how < 6 && current && h.run.generation == h.file.generation:
			seen = append(seen, lattice.Observation{Standing: h.file.standing, Evidence: lattice.Read, At: k.at})
		default:
			seen = append(seen, lattice.Observation{
				Standing: h.run.standing, Generation: h.run.generation, Evidence: lattice.Observed, At: k.at,
			})
		}
	}
	m = Ignore(m, gone)
	if len(attested) > 0 {
		var err error
		if m, err = Attest(m, Attestation{Hosts: attested}, k.at); err != nil {
			return m, err
		}
	}
	m = Observe(m, seen)
	after, err := k.plan.advance(m, k.at)
	if err != nil && k.random.IntN(2) == 0 {
		return m, nil // what was seen is saved though the phase goes on
	}
	return after, err
}

// abort goes back, or forth again, with the unlisted hosts in sight.
func (k *machine) abort(m lattice.Manifest) (lattice.Manifest, error) {
	var seen []lattice.Observation
	for _, h := range k.hosts {
		if _, member := m.Host(h.name); !member {
			seen = append(seen, lattice.Observation{Standing: h.run.standing, Generation: h.run.generation, Evidence: lattice.Observed, At: k.at})
		}
	}
	m = Observe(m, seen)
	if m.Rotation != nil && m.Rotation.Aborted && k.random.IntN(8) > 0 {
		return k.plan.undoAbort(m, k.at)
	}
	return k.plan.abort(m, k.at)
}

func (k *machine) emergency(m lattice.Manifest) (lattice.Manifest, error) {
	lost := m.Issuers[k.random.IntN(len(m.Issuers))]
	var fresh lattice.Issuer
	if old, needed := NeedsKey(m, lost.PublicKey); needed {
		k.next += 10
		fresh = testIssuer(FreeName(old, func(name string) bool { _, ok := m.Issuer(name); return ok }), k.next)
	}
	after, err := Emergency(m, lost.PublicKey, fresh, k.at)
	if err == nil && k.random.IntN(4) == 0 {
		// Somebody brings the key back.
		_, err = k.plan.begin(lattice.Manifest{Denied: after.Denied}, nil, []lattice.Issuer{lost}, k.at)
		if err == nil {
			return m, fmt.Errorf("%s is accepted again", lost.Name)
		}
		err = nil
	}
	return after, err
}

func (k *machine) join(m lattice.Manifest) (lattice.Manifest, error) {
	if len(m.Hosts) >= 6 {
		return m, errNothingToDo
	}
	k.next++
	h := lattice.Host{Name: fmt.Sprintf("host-%d", k.next), SignsWith: m.Issuers[k.random.IntN(len(m.Issuers))].Name}
	if err := m.Admits(h); err != nil && k.careful {
		return m, err
	}
	m = m.Clone()
	m.Generation++
	m.Hosts = append(m.Hosts, h)
	return m, nil
}

// leave takes a host out of the manifest; it goes on as a stranger until it stops.
func (k *machine) leave(m lattice.Manifest) (lattice.Manifest, error) {
	if len(m.Hosts) < 2 {
		return m, errNothingToDo
	}
	name := m.Hosts[k.random.IntN(len(m.Hosts))].Name
	m = Ignore(m.Clone(), []string{name})
	m.Generation++
	m.Hosts = slices.DeleteFunc(m.Hosts, func(h lattice.Host) bool { return h.Name == name })
	return m, nil
}
