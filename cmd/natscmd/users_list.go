package natscmd

import (
	"cmp"
	"context"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/credentials"
	"github.com/latch-keys/latch/internal/credentials/users"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/terminal"
)

func newUsersList(a verbs) *cobra.Command {
	return a.PerLattice(&cobra.Command{
		Use:   "list [HOST...]",
		Short: "List the NATS users: who, for what, until when, with which rights",
		Long: `Lists whom the hosts log in to NATS as, whom servers let in besides since they were
issued and have not expired, and whom the manifest has revoked. RIGHTS compares what
a user may do with what its host needs: least, wider, lacking, or by scope, where the
signing key says it. Needs no secret.`,
		Example: "  latch nats users list\n  latch nats users list web-1 -o json | jq -r '.users[].public_key'",
		Args:    cobra.ArbitraryArgs,
		RunE:    func(c *cobra.Command, args []string) error { return a.listUsers(c.Context(), args) },

		ValidArgsFunction: a.CompleteHosts,
	})
}

// userRow is a user as JSON output gives it.
type userRow struct {
	Host      string         `json:"host"`
	For       string         `json:"for"`
	PublicKey keys.PublicKey `json:"public_key"`
	Account   keys.PublicKey `json:"account,omitzero"`
	Expires   *time.Time     `json:"expires,omitempty"`
	State     users.State    `json:"state"`
	Rights    string         `json:"rights,omitempty"`
	Lacks     []string       `json:"lacks,omitempty"`
	Exceeds   []string       `json:"exceeds,omitempty"`
	Why       string         `json:"reason,omitempty"`
}

func (a verbs) listUsers(ctx context.Context, hosts []string) error {
	file, err := a.Manifest()
	if err != nil {
		return err
	}
	m := file.Manifest()
	resolver := credentials.NewResolver(m, a.FilesOf(file), nil)
	all, err := users.List(m, hosts, a.Sys.Now(), resolver.UserOf(ctx))
	if err != nil {
		return err
	}
	rows := make([]userRow, len(all))
	for i, u := range all {
		rows[i] = userRow{
			Host: u.Host, For: u.For.String(), PublicKey: u.PublicKey, Account: u.Account, State: u.State,
			Rights: u.Rights, Lacks: u.Lacks, Exceeds: u.Exceeds, Why: u.Why,
		}
		if !u.Expires.IsZero() {
			rows[i].Expires = &all[i].Expires
		}
	}
	doc := struct {
		Manifest string    `json:"manifest"`
		Lattice  string    `json:"lattice"`
		Users    []userRow `json:"users"`
	}{file.Path(), m.Lattice, rows}
	err = a.Show(doc, func(w io.Writer) {
		cells := make([][]string, len(rows))
		for i, r := range rows {
			cells[i] = []string{r.Host, r.For, cmp.Or(r.PublicKey.String(), "-"), r.until(), string(r.State), cmp.Or(r.Rights, "-")}
		}
		if len(cells) > 0 {
			terminal.Table(w, a.Width(), []string{"HOST", "FOR", "USER", "UNTIL", "STATE", "RIGHTS"}, cells)
		}
	})
	if err == nil && len(rows) == 0 {
		a.Say("No NATS users in %s.", file.Path())
	}
	return err
}

func (r userRow) until() string {
	if r.Expires == nil {
		return "-"
	}
	return r.Expires.Format(time.DateOnly)
}
