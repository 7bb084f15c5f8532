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

// refusalDocument is one pair of hosts that cannot talk.
type refusalDocument struct {
	Signer    string         `json:"signer"`
	Acceptor  string         `json:"acceptor"`
	PublicKey keys.PublicKey `json:"public_key"`
}

// standingDocument is what one host signs with and whom it accepts.
type standingDocument struct {
	Host      string         `json:"host"`
	Deployed  bool           `json:"deployed"` // as it was told before
	PublicKey keys.PublicKey `json:"public_key"`
	Accepts   keys.Issuers   `json:"accepts"`
}

func describeStandings(standings []lattice.Standing) []standingDocument {
	docs := make([]standingDocument, len(standings))
	for i, s := range standings {
		docs[i] = standingDocument{s.Host, s.Deployed, s.Signs, append(keys.Issuers{}, s.Accepts...)}
	}
	return docs
}

func describeRefusals(matrix lattice.Matrix) []refusalDocument {
	docs := []refusalDocument{}
	for _, r := range matrix.Refusals() {
		docs = append(docs, refusalDocument{r.Signer, r.Acceptor, r.Key})
	}
	return docs
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
