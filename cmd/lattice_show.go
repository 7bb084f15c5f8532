package cmd

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

func newLatticeShow(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "show",
		Short: "The lattice, and who accepts whom",
		Long: `Shows what the manifest says and draws who accepts whom: the host of a row
signs, the host of a column accepts. It needs no seed.`,
		Example: "  latch lattice show\n  latch lattice show -o json | jq .refused",
		Args:    exactly(),
		RunE:    func(*cobra.Command, []string) error { return a.latticeShow() },
	}
}

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

func (a *app) latticeShow() error {
	file, err := a.manifest()
	if err != nil {
		return err
	}
	m := file.Manifest()
	matrix := lattice.NewMatrix(m.Standings())
	doc := struct {
		manifestDocument
		Refused []refusalDocument `json:"refused"`
	}{describeManifest(file.Path(), m), describeRefusals(matrix)}
	return a.show(doc, func(w io.Writer) {
		fmt.Fprintf(w, "lattice %s, generation %d, keystore %s\n\n", m.Lattice, m.Generation, m.Keystore)
		printIssuers(w, doc.Issuers)
		fmt.Fprintln(w)
		printMatrix(w, doc.Hosts, matrix, a.outPalette())
	})
}

func printIssuers(w io.Writer, issuers []issuerDocument) {
	rows := make([][]string, len(issuers))
	for i, issuer := range issuers {
		created := "-"
		if issuer.Created != nil {
			created = issuer.Created.Format(time.RFC3339)
		}
		rows[i] = []string{issuer.Name, issuer.PublicKey.String(), created}
	}
	table(w, []string{"ISSUER", "PUBLIC KEY", "CREATED"}, rows)
}
