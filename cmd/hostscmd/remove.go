package hostscmd

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/published"
)

func newRemove(a verbs) *cobra.Command {
	return &cobra.Command{
		Use:   "remove HOST...",
		Short: "Remove hosts from the manifest",
		Long: `Removes hosts from the manifest: all of them or none. A key that no host signs with
afterwards stays among the issuers and in the keystore.`,
		Example:           "  latch hosts remove web-2",
		Args:              app.AtLeastOne("HOST"),
		ValidArgsFunction: a.CompleteHosts,
		RunE:              func(c *cobra.Command, args []string) error { return a.remove(c.Context(), args) },
	}
}

func (a verbs) remove(ctx context.Context, names []string) error {
	file, err := published.ToChange(ctx, a.App)
	if err != nil {
		return err
	}
	next, err := file.Manifest().WithoutHosts(names...)
	if err != nil {
		return err
	}
	if file, err = file.Update(next); err != nil {
		return err
	}
	if err := a.Change(func() error { return file.Save(ctx) }); err != nil {
		return err
	}
	m := file.Manifest()
	err = a.ShowDone(app.DescribeManifest(file.Path(), m), func(w io.Writer) {
		for _, name := range names {
			fmt.Fprintf(w, "removed %s\n", name)
		}
	})
	for _, user := range m.NATSUsers.Current(a.Sys.Now()).Issued {
		if slices.Contains(names, user.Host) {
			a.Say("NATS users of %s are let in until they expire; latch nats users revoke %s --push changes that.", user.Host, user.Host)
			break
		}
	}
	for _, issuer := range m.IdleIssuers() {
		if m.Rotation != nil {
			break // which issuer stays is decided by it
		}
		a.Say("No host signs with %s any more. Hosts still accept it; latch issuers remove %s changes that.", issuer.Name, issuer.Name)
	}
	published.SayHowToShare(a.App, file)
	return err
}
