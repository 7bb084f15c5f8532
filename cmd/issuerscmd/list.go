package issuerscmd

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/terminal"
)

func newList(a verbs) *cobra.Command {
	return a.PerLattice(&cobra.Command{
		Use:   "list",
		Short: "List the keys that hosts accept",
		Long: `Lists the issuers, the cluster keys that every host accepts: which hosts sign with
each, how old it is and its part in a rotation; then the denied keys.
latch lattice check reports keys older than max_age in the manifest.`,
		Example: "  latch issuers list\n  latch issuers list -o json | jq -r '.issuers[].public_key'",
		Args:    app.Exactly(),
		RunE:    func(*cobra.Command, []string) error { return a.list() },
	})
}

// issuerRow is an issuer, or a denied key, as JSON output gives it.
type issuerRow struct {
	Name      string              `json:"name"`
	PublicKey keys.PublicKey      `json:"public_key"`
	Created   *time.Time          `json:"created,omitempty"`
	Age       *int64              `json:"age_seconds,omitempty"`
	Hosts     []string            `json:"hosts"` // that sign with it
	State     lattice.IssuerState `json:"state"`
}

func (a verbs) list() error {
	file, err := a.Manifest()
	if err != nil {
		return err
	}
	m := file.Manifest()
	rows := issuerRows(m, a.Sys.Now())
	doc := struct {
		Manifest string      `json:"manifest"`
		Lattice  string      `json:"lattice"`
		MaxAge   string      `json:"max_age,omitempty"`
		Issuers  []issuerRow `json:"issuers"`
	}{Manifest: file.Path(), Lattice: m.Lattice, Issuers: rows}
	if m.MaxAge > 0 {
		doc.MaxAge = lattice.FormatSpan(m.MaxAge)
	}
	return a.Show(doc, func(w io.Writer) {
		cells := make([][]string, len(rows))
		for i, r := range rows {
			cells[i] = []string{r.Name, r.PublicKey.String(), r.age(), r.signers(), string(r.State)}
		}
		terminal.Table(w, a.Width(), []string{"ISSUER", "PUBLIC KEY", "AGE", "SIGNING", "STATE"}, cells)
	})
}

func issuerRows(m lattice.Manifest, now time.Time) []issuerRow {
	rows := []issuerRow{}
	signers := m.Signers()
	add := func(is lattice.Issuer, state lattice.IssuerState) {
		row := issuerRow{Name: is.Name, PublicKey: is.PublicKey, State: state, Hosts: append([]string{}, signers[is.Name]...)}
		if !is.Created.IsZero() {
			row.Created = &is.Created
			seconds := int64(now.Sub(is.Created) / time.Second)
			row.Age = &seconds
		}
		rows = append(rows, row)
	}
	for _, is := range m.Issuers {
		add(is, m.StateOf(is.Name))
	}
	if m.Rotation != nil {
		for _, is := range m.Rotation.Retired {
			add(is, lattice.StateRetired)
		}
	}
	for _, d := range m.Denied {
		name := d.Name
		if name == "" {
			name = "-"
		}
		rows = append(rows, issuerRow{Name: name, PublicKey: d.PublicKey, State: lattice.StateDenied, Hosts: []string{}})
	}
	return rows
}

func (r issuerRow) age() string {
	if r.Age == nil {
		return "-"
	}
	return lattice.FormatAge(time.Duration(*r.Age) * time.Second)
}

func (r issuerRow) signers() string {
	const few = 3
	switch {
	case len(r.Hosts) == 0:
		return "-"
	case len(r.Hosts) > few:
		return fmt.Sprintf("%d hosts", len(r.Hosts))
	}
	return strings.Join(r.Hosts, ",")
}
