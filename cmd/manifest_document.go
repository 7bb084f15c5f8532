package cmd

import (
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

// manifestDocument is a manifest as JSON output gives it.
type manifestDocument struct {
	Manifest   string           `json:"manifest"`
	Lattice    string           `json:"lattice"`
	Target     string           `json:"target"`
	Keystore   string           `json:"keystore"`
	Generation uint64           `json:"generation"`
	Issuers    []issuerDocument `json:"issuers"`
	Hosts      []hostDocument   `json:"hosts"`
}

type issuerDocument struct {
	Name      string         `json:"name"`
	PublicKey keys.PublicKey `json:"public_key"`
	Created   *time.Time     `json:"created,omitempty"`
}

type hostDocument struct {
	Name      string         `json:"name"`
	SignsWith string         `json:"signs_with"`
	PublicKey keys.PublicKey `json:"public_key"`
	Target    string         `json:"target"`
}

func describeManifest(path string, m lattice.Manifest) manifestDocument {
	doc := manifestDocument{
		Manifest: path, Lattice: m.Lattice, Target: m.Target.String(), Keystore: m.Keystore, Generation: m.Generation,
		Issuers: []issuerDocument{}, Hosts: []hostDocument{},
	}
	for _, issuer := range m.Issuers {
		row := issuerDocument{Name: issuer.Name, PublicKey: issuer.PublicKey}
		if !issuer.Created.IsZero() {
			row.Created = &issuer.Created
		}
		doc.Issuers = append(doc.Issuers, row)
	}
	for _, host := range m.Hosts {
		issuer, _ := m.Issuer(host.SignsWith)
		doc.Hosts = append(doc.Hosts, hostDocument{host.Name, host.SignsWith, issuer.PublicKey, m.TargetOf(host).String()})
	}
	return doc
}

// names are those of the issuers by their keys; there may be no document.
func (d *manifestDocument) names() map[keys.PublicKey]string {
	names := map[keys.PublicKey]string{}
	if d != nil {
		for _, issuer := range d.Issuers {
			names[issuer.PublicKey] = issuer.Name
		}
	}
	return names
}

// manifest loads the manifest in use.
func (a *app) manifest() (*lattice.Document, error) {
	s, err := a.settings()
	if err != nil {
		return nil, err
	}
	doc, err := lattice.Load(s.Manifest)
	if err == nil && a.read == nil {
		a.read = doc
	}
	return doc, err
}
