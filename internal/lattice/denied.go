package lattice

import (
	"fmt"
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/fault"
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

// CheckDenied refuses a key on the deny list.
func (m Manifest) CheckDenied(key keys.PublicKey) error {
	if _, denied := m.DenialOf(key); !denied {
		return nil
	}
	return fault.New(fault.Refused, "%s is on the deny list of the lattice: it is compromised, and its claims never expire", key).
		WithHint("make a new key: latch keys gen cluster --name NAME")
}

func denialItems() items[Denial] {
	return items[Denial]{record: record[Denial]{fields: []field[Denial]{
		required(scalar("public_key", RuleKey, func(d *Denial) *keys.PublicKey { return &d.PublicKey }, keyForm())),
		scalar("name", RuleName, func(d *Denial) *string { return &d.Name }, textForm(CheckName)),
		scalar("at", RuleField, func(d *Denial) *time.Time { return &d.At }, timeForm()),
	}}, id: func(d Denial) string { return d.PublicKey.String() }}
}

// checkDenials refuses issuers that are on the deny list.
func checkDenials(f *fields, m Manifest) {
	if len(m.Denied) == 0 {
		return
	}
	denied := make(map[keys.PublicKey]bool, len(m.Denied))
	for _, d := range m.Denied {
		denied[d.PublicKey] = true
	}
	for i, n := range f.items("issuers") {
		key := m.Issuers[i].PublicKey
		if !key.IsZero() && denied[key] {
			f.decoder.fail(n.Get("public_key"), RuleDenied, fmt.Sprintf("issuers[%d].public_key", i), m.CheckDenied(key))
		}
	}
}
