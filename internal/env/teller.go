package env

import (
	"fmt"
	"slices"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

// Teller makes the environments of a manifest's hosts. What they share is looked
// at once, so that each host costs the same however many there are.
type Teller struct {
	manifest  lattice.Manifest
	hosts     map[string]lattice.Host
	issuers   map[string]lattice.Issuer
	accepted  string                        // the value of the issuers' variable
	variables map[lattice.Target][]Variable // those that latch writes
	flaw      error                         // of the manifest as a whole
}

// NewTeller gets ready for the manifest's hosts.
func NewTeller(m lattice.Manifest) *Teller {
	t := &Teller{
		manifest:  m,
		hosts:     make(map[string]lattice.Host, len(m.Hosts)),
		issuers:   make(map[string]lattice.Issuer, len(m.Issuers)),
		accepted:  m.Accepted().String(),
		variables: map[lattice.Target][]Variable{},
		flaw:      lattice.CheckPrefix(m.Lattice),
	}
	for _, h := range m.Hosts {
		t.hosts[h.Name] = h
	}
	for _, issuer := range m.Issuers {
		t.issuers[issuer.Name] = issuer
		if kind := issuer.PublicKey.Kind(); kind != keys.Cluster && t.flaw == nil {
			t.flaw = fmt.Errorf("issuer %q is of kind %s, not a cluster key", issuer.Name, kind)
		}
	}
	return t
}

// Host finds a host of the manifest by its exact name.
func (t *Teller) Host(name string) (lattice.Host, bool) {
	h, ok := t.hosts[name]
	return h, ok
}

// For makes the environment of one host. seed is the cluster seed the host signs
// with, and of no account where its target ignores cluster keys; logins are its
// credentials for NATS. The Environment shares them, so that it ends when the
// caller wipes them. The issuers are the manifest's, in its order, the host's own
// key always among them.
//
// The errors match ErrUnknownHost, ErrWrongSeed or lattice.ErrJWT where one of these
// is the cause, and are of the kind fault.Refused where the target cannot do it.
func (t *Teller) For(host string, seed keys.Seed, logins Logins) (Environment, error) {
	h, ok := t.hosts[host]
	if !ok {
		return Environment{}, unknownHost(t.manifest, host)
	}
	m := t.manifest
	told := facts{
		lattice: m.Lattice, generation: m.Generation, accepted: t.accepted,
		host: h, issuer: t.issuers[h.SignsWith], target: m.TargetOf(h), nats: m.NATSOf(h), seed: seed,
	}
	told.logins = logins.used(told.target, told.nats)
	if err := t.judge(told); err != nil {
		return Environment{}, err
	}
	e := Environment{Lattice: m.Lattice, Host: h.Name, Target: told.target, Generation: m.Generation}
	if !told.target.IgnoresClusterKeys() {
		e.PublicKey = seed.PublicKey()
	}
	for _, v := range t.written(told.target) {
		if a := v.assign(told); !a.isEmpty() {
			a.Name = v.Name
			e.Assignments = append(e.Assignments, a)
		}
	}
	for _, own := range h.Env {
		e.Assignments = append(e.Assignments, Assignment{Name: own.Name, plain: own.Value})
	}
	return e, nil
}

// written are the variables that hosts of the target read and latch writes.
func (t *Teller) written(target lattice.Target) []Variable {
	found, known := t.variables[target]
	if !known {
		found = slices.DeleteFunc(Variables(), func(v Variable) bool { return !v.Written() || !v.ReadBy(target) })
		t.variables[target] = found
	}
	return found
}
