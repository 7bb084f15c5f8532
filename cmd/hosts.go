package cmd

import (
	"io"

	"github.com/spf13/cobra"
)

func newHosts(a *app) *cobra.Command {
	c := &cobra.Command{Use: "hosts", Short: "The hosts in the manifest"}
	asGroup(c)
	c.AddCommand(newHostsAdd(a), newHostsRemove(a), newHostsList(a))
	return c
}

func newHostsList(a *app) *cobra.Command {
	return &cobra.Command{
		Use:     "list",
		Short:   "The hosts, and what each signs with",
		Example: "  latch hosts list\n  latch hosts list -o json | jq -r '.hosts[].name'",
		Args:    exactly(),
		RunE:    func(*cobra.Command, []string) error { return a.hostsList() },
	}
}

func (a *app) hostsList() error {
	file, err := a.manifest()
	if err != nil {
		return err
	}
	hosts := describeManifest(file.Path(), file.Manifest()).Hosts
	doc := struct {
		Hosts []hostDocument `json:"hosts"`
	}{hosts}
	err = a.show(doc, func(w io.Writer) {
		rows := make([][]string, len(hosts))
		for i, h := range hosts {
			rows[i] = []string{h.Name, h.SignsWith, h.PublicKey.String(), h.Target}
		}
		if len(rows) > 0 {
			table(w, []string{"HOST", "SIGNS WITH", "PUBLIC KEY", "TARGET"}, rows)
		}
	})
	if err == nil && len(hosts) == 0 {
		a.say("No hosts in %s.", file.Path())
	}
	return err
}
