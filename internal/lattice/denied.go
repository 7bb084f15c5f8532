package lattice

import (
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/keys"
)

// Denial is a compromised cluster key. Nothing that latch does makes an issuer
// of it again; a manifest that names it as one is invalid.
type Denial struct {
	PublicKey keys.PublicKey
	Name      string    // of the issuer that it was; may be empty
	At        time.Time // UTC, whole seconds; zero where the manifest does not say
}

// DenialOf finds the key on the deny list.
func (m Manifest) DenialOf(key keys.PublicKey) (Denial, bool) {
	i := slices.IndexFunc(m.Denied, func(d Denial) bool { return d.PublicKey == key })
	if i < 0 {
		return Denial{}, false
	}
	return m.Denied[i], true
}

// CheckDenied refuses, matching ErrDenied, a key on the deny list.
func (m Manifest) CheckDenied(key keys.PublicKey) error {
	if _, denied := m.DenialOf(key); !denied {
		return nil
	}
	return refuse(ErrDenied, "make a new key: latch keys gen cluster --name NAME",
		"%s is on the deny list of the lattice: it is compromised, and its claims never expire", key)
}

func (d Denial) equal(o Denial) bool {
	return d.PublicKey == o.PublicKey && d.Name == o.Name && d.At.Equal(o.At)
}

func (d *decoder) denied(items []item) []Denial {
	var all []Denial
	for _, it := range items {
		f := d.fields(it.node, it.path, "public_key", "name", "at")
		f.require("public_key")
		all = append(all, Denial{
			PublicKey: read(f, "public_key", RuleKey, text, clusterKey),
			Name:      read(f, "name", RuleName, text, checked(CheckName)),
			At:        read(f, "at", RuleField, timestamp, readTime),
		})
	}
	return all
}

// allowed refuses issuers that are on the deny list.
func (d *decoder) allowed(m Manifest, issuers []item) {
	if len(m.Denied) == 0 {
		return
	}
	for i, it := range issuers {
		if i >= len(m.Issuers) || m.Issuers[i].PublicKey.IsZero() {
			continue
		}
		if err := m.CheckDenied(m.Issuers[i].PublicKey); err != nil {
			d.fail(value(it.node, "public_key"), RuleDenied, it.path+".public_key", err)
		}
	}
}

func denialFields(d Denial) []field {
	fields := []field{{"public_key", d.PublicKey.String()}}
	if d.Name != "" {
		fields = append(fields, field{"name", scalarText(d.Name)})
	}
	if !d.At.IsZero() {
		fields = append(fields, field{"at", timeText(d.At)})
	}
	return fields
}
