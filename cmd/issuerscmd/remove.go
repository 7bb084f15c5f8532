package issuerscmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/published"
	"github.com/latch-keys/latch/internal/fault"
)

func newRemove(a verbs) *cobra.Command {
	dryRun := false
	c := &cobra.Command{
		Use:   "remove NAME",
		Short: "Remove an issuer that no host signs with",
		Long: `Removes a key from the issuers. It refuses a key that a host signs with, since the
host's calls would be refused; rotate such a key. The seed stays in the keystore.`,
		Example:           "  latch issuers remove partner",
		Args:              app.Exactly("NAME"),
		ValidArgsFunction: a.CompleteIssuers,
		RunE: func(c *cobra.Command, args []string) error {
			return a.remove(c.Context(), args[0], dryRun)
		},
	}
	addDryRunFlag(c, &dryRun)
	return c
}

func (a verbs) remove(ctx context.Context, name string, dryRun bool) error {
	file, err := published.ToChange(ctx, a.App)
	if err != nil {
		return err
	}
	m := file.Manifest()
	issuer, _ := m.Issuer(name)
	next, err := m.WithoutIssuer(name)
	if fault.Is(err, fault.Refused) && len(m.SignersOf(name)) > 0 && m.Rotation == nil {
		return fault.Hint(err, "latch issuers rotate start --retire %s", name)
	}
	if err != nil {
		return err
	}
	removed, err := file.Update(next)
	if err != nil {
		return err
	}
	return a.saveIssuers(ctx, removed, dryRun, fmt.Sprintf("removed %s %s", issuer.Name, issuer.PublicKey))
}
