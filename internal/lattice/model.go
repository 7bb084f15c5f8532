package lattice

import (
	"fmt"
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/keys"
)

// The changes a manifest can undergo, on the model alone: each says why it
// cannot be, or does it.

func (m *Manifest) addIssuer(is Issuer) error {
	if err := CheckName(is.Name); err != nil {
		return fmt.Errorf("cannot add the issuer: %w", err)
	}
	if err := m.CheckDenied(is.PublicKey); err != nil {
		return fmt.Errorf("cannot add the issuer %s: %w", is.Name, err)
	}
	if is.PublicKey.Kind() != keys.Cluster {
		return fmt.Errorf("cannot add the issuer %s: its key is a %s key, not a cluster key", is.Name, is.PublicKey.Kind())
	}
	for _, other := range m.Issuers {
		if fold(other.Name) == fold(is.Name) {
			return refuse(ErrTaken, "choose another name", "there is an issuer named %s already", other.Name)
		}
		if other.PublicKey == is.PublicKey {
			return refuse(ErrTaken, "", "%s is the key of the issuer %s already", is.PublicKey, other.Name)
		}
	}
	is.Created = is.Created.UTC().Truncate(time.Second)
	m.Issuers = append(m.Issuers, is)
	return nil
}

func (m *Manifest) removeIssuer(name string) (index int, err error) {
	index = slices.IndexFunc(m.Issuers, func(is Issuer) bool { return is.Name == name })
	if index < 0 {
		return index, m.noIssuer(name)
	}
	if i := slices.IndexFunc(m.Hosts, func(h Host) bool { return h.SignsWith == name }); i >= 0 {
		return index, refuse(ErrInUse, "let every host sign with another issuer first",
			"the host %s signs with %s: no host would accept it any more", m.Hosts[i].Name, name)
	}
	if m.Rotation != nil && m.Rotation.Involves(name) {
		return index, refuse(ErrInUse, "latch issuers rotate status", "%s is part of the rotation under way", name)
	}
	if len(m.Issuers) == 1 {
		return index, refuse(ErrInUse, "add another issuer first",
			"%s is the only issuer: the hosts would accept nobody", name)
	}
	m.Issuers = slices.Delete(m.Issuers, index, index+1)
	return index, nil
}

func (m *Manifest) addHost(h Host) error {
	if err := CheckName(h.Name); err != nil {
		return fmt.Errorf("cannot add the host: %w", err)
	}
	for _, other := range m.Hosts {
		if fold(other.Name) == fold(h.Name) {
			return refuse(ErrTaken, "choose another name", "there is a host named %s already", other.Name)
		}
	}
	if _, ok := m.Issuer(h.SignsWith); !ok {
		return m.noIssuer(h.SignsWith)
	}
	if err := m.Admits(h); err != nil {
		return err
	}
	m.Hosts = append(m.Hosts, h)
	return nil
}

// Admits refuses, matching ErrRotating, a new host that signs with a key which
// the rotation under way has not brought to every host yet, or is taking away.
func (m Manifest) Admits(h Host) error {
	if m.Rotation == nil {
		return nil
	}
	const hint = "latch hosts add %s --signs-with %s"
	for _, s := range m.Rotation.Keys {
		switch introduced := m.Rotation.Phase == PhaseIntroduce; {
		case introduced && s.New == h.SignsWith:
			return refuse(ErrRotating, fmt.Sprintf(hint, h.Name, s.Old), "%s is being introduced: not every host accepts it yet", s.New)
		case !introduced && s.Host == "" && s.Old == h.SignsWith:
			return refuse(ErrRotating, fmt.Sprintf(hint, h.Name, s.New), "%s is being retired: hosts will not accept it much longer", s.Old)
		}
	}
	return nil
}

func (m *Manifest) removeHost(name string) (index int, err error) {
	if index = m.indexOfHost(name); index < 0 {
		return index, m.noHost(name)
	}
	m.Hosts = slices.Delete(m.Hosts, index, index+1)
	return index, nil
}

func (m *Manifest) setSignsWith(host, issuer string) (index int, err error) {
	if index = m.indexOfHost(host); index < 0 {
		return index, m.noHost(host)
	}
	if _, ok := m.Issuer(issuer); !ok {
		return index, m.noIssuer(issuer)
	}
	m.Hosts[index].SignsWith = issuer
	return index, nil
}

func (m *Manifest) indexOfHost(name string) int {
	return slices.IndexFunc(m.Hosts, func(h Host) bool { return h.Name == name })
}

func (m *Manifest) noIssuer(name string) error { return among(m.Issuers)(name) }

func (m *Manifest) noHost(name string) error {
	known := make([]string, len(m.Hosts))
	for i, h := range m.Hosts {
		known[i] = h.Name
	}
	return refuse(ErrNotFound, "latch hosts list shows the hosts", "no host is named %s%s", shown(name), suggest(name, known))
}
