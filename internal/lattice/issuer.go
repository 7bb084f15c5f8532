package lattice

import (
	"fmt"
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
)

// SignersOf names the hosts that sign with an issuer, in the manifest's order.
func (m Manifest) SignersOf(issuer string) []string {
	hosts := []string{}
	for _, h := range m.Hosts {
		if h.SignsWith == issuer {
			hosts = append(hosts, h.Name)
		}
	}
	return hosts
}

// Signers names, for every issuer that hosts sign with, those hosts.
func (m Manifest) Signers() map[string][]string {
	signers := make(map[string][]string, len(m.Issuers))
	for _, h := range m.Hosts {
		signers[h.SignsWith] = append(signers[h.SignsWith], h.Name)
	}
	return signers
}

// CommonIssuer is the issuer that every host signs with, or the only one of a
// lattice without hosts; false where there is no such one.
func (m Manifest) CommonIssuer() (issuer string, ok bool) {
	if len(m.Hosts) == 0 {
		if len(m.Issuers) == 1 {
			return m.Issuers[0].Name, true
		}
		return "", false
	}
	common := m.Hosts[0].SignsWith
	if slices.ContainsFunc(m.Hosts, func(h Host) bool { return h.SignsWith != common }) {
		return "", false
	}
	return common, true
}

// IdleIssuers are the issuers that no host signs with.
func (m Manifest) IdleIssuers() []Issuer {
	signers := m.Signers()
	return slices.DeleteFunc(slices.Clone(m.Issuers), func(is Issuer) bool { return len(signers[is.Name]) > 0 })
}

// IssuerState is the part that a key plays in a lattice.
type IssuerState string

// The states of a key. The values are stable: scripts match them in JSON output.
const (
	StateIssuer  IssuerState = "issuer"
	StateOld     IssuerState = "old" // being rotated out
	StateNew     IssuerState = "new" // being rotated in
	StateRetired IssuerState = "retired"
	StateDenied  IssuerState = "denied"
)

// StateOf is the part that an issuer plays.
func (m Manifest) StateOf(issuer string) IssuerState {
	if m.Rotation == nil {
		return StateIssuer
	}
	for _, s := range m.Rotation.Keys {
		switch issuer {
		case s.New:
			return StateNew
		case s.Old:
			return StateOld
		}
	}
	return StateIssuer
}

// IssuerOf finds the issuer with a public key.
func (m Manifest) IssuerOf(key keys.PublicKey) (Issuer, bool) {
	i := slices.IndexFunc(m.Issuers, func(is Issuer) bool { return is.PublicKey == key })
	if i < 0 {
		return Issuer{}, false
	}
	return m.Issuers[i], true
}

// RetiredOf finds the key among those that a rotation has retired: no issuers any
// more, but needed for the way back.
func (m Manifest) RetiredOf(key keys.PublicKey) (Issuer, bool) {
	if m.Rotation == nil {
		return Issuer{}, false
	}
	return Manifest{Issuers: m.Rotation.Retired}.IssuerOf(key)
}

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
		required(scalar("public_key", RuleKey, func(d *Denial) *keys.PublicKey { return &d.PublicKey }, keyForm())).says("the compromised public key"),
		scalar("name", RuleName, func(d *Denial) *string { return &d.Name }, nameForm()).says("what the issuer was called"),
		scalar("at", RuleField, func(d *Denial) *time.Time { return &d.At }, timeForm()).says("when it was put on the list"),
	}}, id: func(d Denial) string { return d.PublicKey.String() }}
}

// checkDenials refuses issuers that are on the deny list.
func checkDenials(f *fields, m Manifest) {
	if len(m.Denied) == 0 || !f.isList("issuers") {
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

func issuerItems() items[Issuer] {
	return items[Issuer]{record: record[Issuer]{fields: []field[Issuer]{
		required(scalar("name", RuleName, func(is *Issuer) *string { return &is.Name }, nameForm())).says("what the issuer is called, and its seed in the keystore"),
		required(scalar("public_key", RuleKey, func(is *Issuer) *keys.PublicKey { return &is.PublicKey }, keyForm())).says("the public key that hosts accept"),
		scalar("created", RuleField, func(is *Issuer) *time.Time { return &is.Created }, timeForm()).says("when the key was made, such as 2026-11-21T20:55:00Z"),
	}}, id: func(is Issuer) string { return is.Name }, unique: "name"}
}

// publicKeys are those of the issuers, by their names.
func (m Manifest) publicKeys() map[string]keys.PublicKey {
	all := make(map[string]keys.PublicKey, len(m.Issuers))
	for _, is := range m.Issuers {
		all[is.Name] = is.PublicKey
	}
	return all
}

// KeyNames gives what the manifest or its rotation calls a key; a key that neither
// knows is given as it is.
func (m Manifest) KeyNames() func(keys.PublicKey) string {
	known := m.Issuers
	if m.Rotation != nil {
		known = slices.Concat(known, m.Rotation.Retired)
	}
	names := make(map[keys.PublicKey]string, len(known))
	for _, is := range known {
		if _, named := names[is.PublicKey]; !named {
			names[is.PublicKey] = is.Name
		}
	}
	return func(key keys.PublicKey) string {
		if name, named := names[key]; named {
			return name
		}
		return key.String()
	}
}
