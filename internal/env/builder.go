package env

import (
	"fmt"
	"slices"

	"github.com/latch-keys/latch/internal/credentials"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Builder makes the environments of a manifest's hosts. What they share is looked
// at once, so that each host costs the same however many there are.
type Builder struct {
	manifest  lattice.Manifest
	hosts     map[string]lattice.Host
	issuers   map[string]lattice.Issuer
	accepted  string // the value of the issuers' variable
	readers   wasmcloud.Registry
	published func(keys.PublicKey) (wasmcloud.PublishedKey, bool)
	variables map[wasmcloud.Target][]written
	told      func(host string) string
	flaw      error // of the manifest as a whole
}

// NewBuilder gets ready for the manifest's hosts.
func NewBuilder(m lattice.Manifest) *Builder {
	b := &Builder{
		manifest:  m,
		hosts:     make(map[string]lattice.Host, len(m.Hosts)),
		issuers:   make(map[string]lattice.Issuer, len(m.Issuers)),
		accepted:  m.Accepted().String(),
		readers:   wasmcloud.NewRegistry(),
		published: wasmcloud.Published,
		variables: map[wasmcloud.Target][]written{},
		told:      m.Told(),
		flaw:      lattice.CheckPrefix(m.Lattice),
	}
	for _, h := range m.Hosts {
		b.hosts[h.Name] = h
	}
	for _, issuer := range m.Issuers {
		b.issuers[issuer.Name] = issuer
		if kind := issuer.PublicKey.Kind(); kind != keys.Cluster && b.flaw == nil {
			b.flaw = fmt.Errorf("issuer %q is of kind %s, not a cluster key", issuer.Name, kind)
		}
	}
	return b
}

// Host finds a host of the manifest by its exact name.
func (b *Builder) Host(name string) (lattice.Host, bool) {
	h, ok := b.hosts[name]
	return h, ok
}

// For makes the environment of one host. seed is the cluster seed the host signs
// with, and of no account where its target ignores cluster keys; logins are its
// credentials for NATS. The Environment shares them, so that it ends when the
// caller wipes them. The issuers are the manifest's, in its order, the host's own
// key always among them.
//
// An unknown host is not found; a seed that is not the host's, and what hosts of
// its target cannot be given, are refused.
func (b *Builder) For(host string, seed keys.Seed, logins credentials.Logins) (Environment, error) {
	h, ok := b.hosts[host]
	if !ok {
		return Environment{}, unknownHost(b.manifest, host)
	}
	m := b.manifest
	in := inputs{
		lattice: m.Lattice, generation: m.Generation, accepted: b.accepted,
		host: h, issuer: b.issuers[h.SignsWith], target: m.TargetOf(h), nats: m.NATSOf(h), seed: seed,
	}
	in.logins = used(logins, in.nats)
	if err := b.judge(in); err != nil {
		return Environment{}, err
	}
	e := Environment{Lattice: m.Lattice, Host: h.Name, Target: in.target, Generation: m.Generation, Told: b.told(h.Name)}
	if !in.target.IgnoresClusterKeys() {
		e.PublicKey = seed.PublicKey()
	}
	for _, w := range b.written(in.target) {
		if a := w.value(in); !a.isEmpty() {
			a.Name = w.name
			e.Assignments = append(e.Assignments, a)
		}
	}
	for _, own := range h.Env {
		e.Assignments = append(e.Assignments, Assignment{Name: own.Name, plain: own.Value})
	}
	return e, nil
}

// written are the variables that latch writes and hosts of the target read.
func (b *Builder) written(target wasmcloud.Target) []written {
	found, known := b.variables[target]
	if !known {
		found = slices.DeleteFunc(allWritten(), func(w written) bool {
			v, read := b.readers.Lookup(w.name)
			return !read || !v.ReadBy(target)
		})
		b.variables[target] = found
	}
	return found
}
