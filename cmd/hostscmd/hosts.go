package hostscmd

import (
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
)

// verbs are the commands of the noun: each is a method.
type verbs struct{ *app.App }

// New builds `latch hosts`.
func New(shared *app.App) *cobra.Command {
	a := verbs{shared}
	c := &cobra.Command{Use: "hosts", Short: "Manage the hosts in the manifest"}
	app.AsGroup(c)
	c.AddCommand(newAdd(a), newRemove(a), newList(a))
	return c
}

func newList(a verbs) *cobra.Command {
	return a.PerLattice(&cobra.Command{
		Use:     "list",
		Short:   "List the hosts and the key that each signs with",
		Example: "  latch hosts list\n  latch hosts list -o json | jq -r '.hosts[].name'",
		Args:    app.Exactly(),
		RunE:    func(*cobra.Command, []string) error { return a.list() },
	})
}

func (a verbs) list() error {
	file, err := a.Manifest()
	if err != nil {
		return err
	}
	hosts := app.DescribeManifest(file.Path(), file.Manifest()).Hosts
	doc := struct {
		Hosts []app.HostDocument `json:"hosts"`
	}{hosts}
	err = a.Show(doc, func(w io.Writer) {
		rows := make([][]string, len(hosts))
		for i, h := range hosts {
			rows[i] = []string{h.Name, h.SignsWith, h.PublicKey.String(), h.Target}
		}
		if len(rows) > 0 {
			app.FoldedTable(w, a.Width(), []string{"HOST", "SIGNS WITH", "PUBLIC KEY", "TARGET"}, rows)
		}
	})
	if err == nil && len(hosts) == 0 {
		a.Say("No hosts in %s.", file.Path())
	}
	return err
}
