package rotation

import (
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

// CompromisedKey finds the key that a person names: an issuer, or a key that the
// rotation retires, by its name; any other by its text.
func CompromisedKey(m lattice.Manifest, text string) (keys.PublicKey, error) {
	known := m.Issuers
	if m.Rotation != nil {
		known = slices.Concat(known, m.Rotation.Retired)
	}
	if i := slices.IndexFunc(known, func(is lattice.Issuer) bool { return is.Name == text }); i >= 0 {
		return known[i].PublicKey, nil
	}
	key, err := keys.ParsePublicKey(text, keys.Cluster)
	switch {
	case err == nil:
		return key, nil
	case lattice.CheckName(text) == nil && len(text) != keys.PublicKeyLength:
		return key, m.NoIssuer(text)
	}
	return key, fault.New(fault.Usage, "--compromised is neither an issuer nor a public key").Because(err).WithHint("latch issuers list")
}

// NeedsKey reports whether an emergency needs a fresh key in the place of the
// compromised one, and under which name: that of the issuer it replaces. There
// is no need where no host signs with it, or where a rotation under way holds
// the successor ready.
func NeedsKey(m lattice.Manifest, compromised keys.PublicKey) (old string, needed bool) {
	is, ok := m.IssuerOf(compromised)
	if !ok {
		return "", false
	}
	if len(m.Issuers) == 1 {
		return is.Name, true
	}
	others := counterparts(m, is.Name)
	for _, h := range m.Hosts {
		if h.SignsWith == is.Name && others.of(h.Name) == "" {
			return is.Name, true
		}
	}
	return is.Name, false
}

// Emergency drops a compromised key at once, without any overlap: no host is to
// accept it, those that signed with it sign with the fresh key (zero where
// NeedsKey reports none is needed), and it goes on the deny list. A rotation
// under way ends; the keys it was about stay issuers. What is left is phase
// retire, until no host accepts the key. A key that is no issuer is only denied.
func Emergency(m lattice.Manifest, compromised keys.PublicKey, fresh lattice.Issuer, at time.Time) (lattice.Manifest, error) {
	next := m.Clone()
	is, accepted := m.IssuerOf(compromised)
	name := is.Name
	if !accepted {
		retired, _ := m.RetiredOf(compromised)
		name = retired.Name
	}
	if _, denied := m.DenialOf(compromised); !denied {
		next.Denied = append(next.Denied, lattice.Denial{PublicKey: compromised, Name: name, At: second(at)})
	}
	if !accepted {
		if name != "" { // on its way out: there is no way back to it
			next.Rotation.Emergency = true
		}
		return next, nil
	}
	if err := next.CheckDenied(fresh.PublicKey); err != nil {
		return m, err
	}
	next.Rotation = emergencyRotation(m.Rotation, at)
	next.Generation++
	next.Rotation.Generation = next.Generation
	if !fresh.PublicKey.IsZero() {
		next.Issuers = append(next.Issuers, fresh)
	}
	others := counterparts(m, is.Name)
	var moved []lattice.Succession
	for i, h := range m.Hosts {
		if h.SignsWith != is.Name {
			continue
		}
		s := lattice.Succession{Old: is.Name, New: others.of(h.Name), Host: h.Name}
		if s.New == "" {
			s.New = fresh.Name
		}
		next.Hosts[i].SignsWith = s.New
		moved = append(moved, s)
	}
	next.Rotation.Keys = append(next.Rotation.Keys, merge(m, moved)...)
	next.Rotation.Keys = slices.DeleteFunc(next.Rotation.Keys, func(s lattice.Succession) bool { return s.New == is.Name })
	next.Rotation.Retired = append(next.Rotation.Retired, is)
	next.Issuers = slices.DeleteFunc(next.Issuers, func(o lattice.Issuer) bool { return o.Name == is.Name })
	dropIntroduced(&next, m.Rotation)
	return next, nil
}

// emergencyRotation is the rotation that an emergency leaves: one in phase retire
// goes on with what it retires.
func emergencyRotation(r *lattice.Rotation, at time.Time) *lattice.Rotation {
	next := &lattice.Rotation{Phase: lattice.PhaseRetire, Emergency: true, Started: second(at), Entered: second(at)}
	if r != nil && r.Phase == lattice.PhaseRetire {
		next.Keys, next.Retired = slices.Clone(r.Keys), slices.Clone(r.Retired)
	}
	return next
}

// counterpart is the issuer that a host can sign with at once instead of the lost
// one: the other half of a rotation under way.
type counterpart struct {
	own     map[string]string // by host
	general string            // of all other hosts; "" if there is none
}

func counterparts(m lattice.Manifest, lost string) counterpart {
	c := counterpart{own: map[string]string{}}
	if m.Rotation == nil {
		return c
	}
	issuers := issuersByName(m)
	for _, s := range m.Rotation.Keys {
		other := ""
		switch lost {
		case s.Old:
			other = s.New
		case s.New:
			other = s.Old
		}
		if _, ok := issuers[other]; !ok {
			continue
		}
		if s.Host == "" && c.general == "" {
			c.general = other
		} else if _, known := c.own[s.Host]; s.Host != "" && !known {
			c.own[s.Host] = other
		}
	}
	return c
}

func (c counterpart) of(host string) string {
	if other := c.own[host]; other != "" {
		return other
	}
	return c.general
}

// dropIntroduced takes what a rotation was only just introducing off the issuers again:
// not every host accepts it, and none signs with it.
func dropIntroduced(m *lattice.Manifest, r *lattice.Rotation) {
	if r == nil || r.Phase != lattice.PhaseIntroduce {
		return
	}
	introduced, signers := map[string]bool{}, m.Signers()
	for _, s := range r.Keys {
		introduced[s.New] = true
	}
	left := len(m.Issuers)
	m.Issuers = slices.DeleteFunc(m.Issuers, func(is lattice.Issuer) bool {
		if !introduced[is.Name] || left == 1 || len(signers[is.Name]) > 0 {
			return false
		}
		left--
		m.Rotation.Retired = append(m.Rotation.Retired, is)
		return true
	})
}
