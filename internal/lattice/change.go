package lattice

import (
	"fmt"
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/similar"
)

// The changes a manifest can undergo: each says why it cannot be, or gives the
// manifest that Document.Update is to write.

// WithIssuers adds cluster keys that every host is to accept, after the others:
// all of them or none, and no more than an env file carries. Their times of creation
// are kept to the second. A name or key that is there already is of the kind
// fault.Exists.
func (m Manifest) WithIssuers(issuers ...Issuer) (Manifest, error) {
	if err := CheckCapacity(len(m.Issuers) + len(issuers)); err != nil {
		return m, err
	}
	next := m.Clone()
	names, owners := make(map[string]string, len(m.Issuers)), make(map[keys.PublicKey]string, len(m.Issuers))
	for _, is := range m.Issuers {
		names[fold(is.Name)], owners[is.PublicKey] = is.Name, is.Name
	}
	for _, is := range issuers {
		if err := m.checkIssuer(is); err != nil {
			return m, err
		}
		if other, there := names[fold(is.Name)]; there {
			return m, taken("choose another name", "there is an issuer named %s already", other)
		}
		if other, there := owners[is.PublicKey]; there {
			return m, taken("", "%s is the key of the issuer %s already", is.PublicKey, other)
		}
		names[fold(is.Name)], owners[is.PublicKey] = is.Name, is.Name
		is.Created = is.Created.UTC().Truncate(time.Second)
		next.Issuers = append(next.Issuers, is)
	}
	return next, nil
}

func (m Manifest) checkIssuer(is Issuer) error {
	if err := CheckName(is.Name); err != nil {
		return fmt.Errorf("cannot add the issuer: %w", err)
	}
	if err := m.CheckDenied(is.PublicKey); err != nil {
		return fmt.Errorf("cannot add the issuer %s: %w", is.Name, err)
	}
	if is.PublicKey.Kind() != keys.Cluster {
		return fmt.Errorf("cannot add the issuer %s: its key is a %s key, not a cluster key", is.Name, is.PublicKey.Kind())
	}
	return nil
}

// WithoutIssuer takes an issuer away, so that no host accepts its key any more. It
// refuses while a host signs with it, a rotation is about it, or no other issuer is
// left.
func (m Manifest) WithoutIssuer(name string) (Manifest, error) {
	index := slices.IndexFunc(m.Issuers, func(is Issuer) bool { return is.Name == name })
	if index < 0 {
		return m, m.NoIssuer(name)
	}
	if signers := m.SignersOf(name); len(signers) > 0 {
		return m, inUse("let every host sign with another issuer first",
			"the host %s signs with %s: no host would accept it any more", signers[0], name)
	}
	if m.Rotation != nil && m.Rotation.Involves(name) {
		return m, inUse("latch issuers rotate status", "%s is part of the rotation under way", name)
	}
	if len(m.Issuers) == 1 {
		return m, inUse("add another issuer first", "%s is the only issuer: the hosts would accept nobody", name)
	}
	next := m.Clone()
	next.Issuers = slices.Delete(next.Issuers, index, index+1)
	return next, nil
}

// WithHosts adds hosts after the others: all of them or none. Each signs with an
// issuer of the manifest.
func (m Manifest) WithHosts(hosts ...Host) (Manifest, error) {
	next := m.Clone()
	names, issuers := make(map[string]string, len(m.Hosts)), make(map[string]bool, len(m.Issuers))
	for _, h := range m.Hosts {
		names[fold(h.Name)] = h.Name
	}
	for _, is := range m.Issuers {
		issuers[is.Name] = true
	}
	for _, h := range hosts {
		if err := CheckName(h.Name); err != nil {
			return m, fmt.Errorf("cannot add the host: %w", err)
		}
		if other, there := names[fold(h.Name)]; there {
			return m, taken("choose another name", "there is a host named %s already", other)
		}
		if !issuers[h.SignsWith] {
			return m, m.NoIssuer(h.SignsWith)
		}
		if err := m.Admits(h); err != nil {
			return m, err
		}
		names[fold(h.Name)] = h.Name
		next.Hosts = append(next.Hosts, h)
	}
	return next, nil
}

// WithoutHosts takes hosts away, all of them or none, and what a rotation has
// observed of them.
func (m Manifest) WithoutHosts(names ...string) (Manifest, error) {
	leaving := make(map[string]bool, len(names))
	for _, name := range names {
		leaving[name] = true
	}
	there := make(map[string]bool, len(m.Hosts))
	for _, h := range m.Hosts {
		there[h.Name] = true
	}
	for _, name := range names {
		if !there[name] {
			return m, m.NoHost(name)
		}
		delete(there, name) // a name that is given twice is gone the second time
	}
	next := m.Clone()
	next.Hosts = slices.DeleteFunc(next.Hosts, func(h Host) bool { return leaving[h.Name] })
	if r := next.Rotation; r != nil {
		r.Observed = slices.DeleteFunc(r.Observed, func(o Observation) bool { return leaving[o.Host] })
	}
	return next, nil
}

// Admits refuses a new host that signs with a key which the rotation under way has
// not brought to every host yet, or is taking away.
func (m Manifest) Admits(h Host) error {
	if m.Rotation == nil {
		return nil
	}
	for _, s := range m.Rotation.Keys {
		switch introduced := m.Rotation.Phase == PhaseIntroduce; {
		case introduced && s.New == h.SignsWith:
			return fault.New(fault.Refused, "%s is being introduced: not every host accepts it yet", s.New).
				WithHint("latch hosts add %s --signs-with %s", h.Name, s.Old)
		case !introduced && s.Host == "" && s.Old == h.SignsWith:
			return fault.New(fault.Refused, "%s is being retired: hosts will not accept it much longer", s.Old).
				WithHint("latch hosts add %s --signs-with %s", h.Name, s.New)
		}
	}
	return nil
}

// NoIssuer is the error for an issuer that the manifest does not have.
func (m Manifest) NoIssuer(name string) error {
	return fault.As(fault.NotFound, among(m.Issuers)(name))
}

// NoHost is the error for a host that the manifest does not have.
func (m Manifest) NoHost(name string) error {
	known := make([]string, len(m.Hosts))
	for i, h := range m.Hosts {
		known[i] = h.Name
	}
	return fault.New(fault.NotFound, "no host is named %s%s", shown(name), similar.Question(name, known)).WithHint("latch hosts list shows the hosts")
}

func taken(hint, format string, args ...any) error {
	return fault.New(fault.Exists, format, args...).WithHint("%s", hint)
}

func inUse(hint, format string, args ...any) error {
	return fault.New(fault.Refused, format, args...).WithHint("%s", hint)
}

// CheckCurrent refuses where a host was told by a later generation than this
// manifest: a push was lost, or the clone is stale. What it says would take hosts
// back to keys that others may not accept any more.
func (m Manifest) CheckCurrent(host string, generation uint64) error {
	if generation <= m.Generation {
		return nil
	}
	return fault.New(fault.Refused, "this manifest is generation %d, %s runs generation %d: fetch the newer one", m.Generation, host, generation).
		WithHint("git pull, or whatever brings the manifest that was deployed; if this one is right, raise its generation to %d", generation)
}
