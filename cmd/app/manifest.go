package app

import (
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

// ManifestDocument is a manifest as JSON output gives it.
type ManifestDocument struct {
	Manifest   string           `json:"manifest"`
	Lattice    string           `json:"lattice"`
	Target     string           `json:"target"`
	Keystore   string           `json:"keystore"`
	Generation uint64           `json:"generation"`
	Issuers    []IssuerDocument `json:"issuers"`
	Hosts      []HostDocument   `json:"hosts"`
}

// IssuerDocument is an issuer as JSON output gives it.
type IssuerDocument struct {
	Name      string         `json:"name"`
	PublicKey keys.PublicKey `json:"public_key"`
	Created   *time.Time     `json:"created,omitempty"`
}

// HostDocument is a host as JSON output gives it.
type HostDocument struct {
	Name      string         `json:"name"`
	SignsWith string         `json:"signs_with"`
	PublicKey keys.PublicKey `json:"public_key"`
	Target    string         `json:"target"`
}

// DescribeManifest is the document of the manifest at path.
func DescribeManifest(path string, m lattice.Manifest) ManifestDocument {
	doc := ManifestDocument{
		Manifest: path, Lattice: m.Lattice, Target: m.Target.String(), Keystore: m.Keystore, Generation: m.Generation,
		Issuers: []IssuerDocument{}, Hosts: []HostDocument{},
	}
	keyOf := make(map[string]keys.PublicKey, len(m.Issuers))
	for _, issuer := range m.Issuers {
		keyOf[issuer.Name] = issuer.PublicKey
		row := IssuerDocument{Name: issuer.Name, PublicKey: issuer.PublicKey}
		if !issuer.Created.IsZero() {
			row.Created = &issuer.Created
		}
		doc.Issuers = append(doc.Issuers, row)
	}
	for _, host := range m.Hosts {
		doc.Hosts = append(doc.Hosts, HostDocument{host.Name, host.SignsWith, keyOf[host.SignsWith], m.TargetOf(host).String()})
	}
	return doc
}

// IssuerNames are those of the issuers by their keys; there may be no document.
func (d *ManifestDocument) IssuerNames() map[keys.PublicKey]string {
	names := map[keys.PublicKey]string{}
	if d != nil {
		for _, issuer := range d.Issuers {
			names[issuer.PublicKey] = issuer.Name
		}
	}
	return names
}
