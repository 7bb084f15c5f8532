package issuerscmd

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/published"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/rotation"
)

type rotateEmergencyOptions struct {
	newKeys
	compromised string
	confirm     string
	dryRun      bool
}

func newRotateEmergency(a verbs) *cobra.Command {
	var o rotateEmergencyOptions
	c := &cobra.Command{
		Use:   "emergency",
		Short: "Replace a compromised key at once; calls are refused until all hosts restart",
		Long: `Replaces a compromised key without any overlap. From its next restart on, no host
accepts the key; hosts that signed with it get a new one. The key is added to the
deny list; no command can make it an issuer again. Claims never expire: until a
host has restarted, it accepts whoever holds the seed.

Until all hosts have restarted, those that have and those that have not refuse each
other. latch prints the order in which to restart them. It asks for the name of the
lattice; use --confirm where there is no terminal.`,
		Example: "  latch issuers rotate emergency --compromised prod-cluster\n" +
			"  latch issuers rotate emergency --compromised prod-cluster --confirm prod",
		Args: app.Exactly(),
		RunE: func(c *cobra.Command, _ []string) error {
			if o.compromised == "" {
				return app.UsageIn(c, "--compromised is missing")
			}
			o.again = "latch issuers rotate emergency --compromised " + o.compromised
			return a.rotateEmergency(c.Context(), o)
		},
	}
	flags := c.Flags()
	flags.StringVar(&o.compromised, "compromised", "", "the compromised key: its public key or the name of the issuer")
	flags.StringVar(&o.confirm, "confirm", "", "name of the lattice, instead of being asked for it")
	o.register(c)
	addDryRunFlag(c, &o.dryRun)
	_ = c.RegisterFlagCompletionFunc("compromised", a.CompleteIssuers)
	return c
}

func (a verbs) rotateEmergency(ctx context.Context, o rotateEmergencyOptions) error {
	file, err := published.ToChange(ctx, a.App)
	if err != nil {
		return err
	}
	m := file.Manifest()
	lost, err := rotation.CompromisedKey(m, o.compromised)
	if err != nil {
		return err
	}
	var fresh app.FreshKeys
	defer func() { fresh.Wipe() }()
	next, err := a.planEmergency(ctx, m, lost, o.newKeys, &fresh)
	if err != nil {
		return err
	}
	if !o.dryRun {
		a.Warn("until all hosts of the lattice %s have restarted, those that have and those that have not refuse each other", m.Lattice)
		if err := a.ConfirmLattice(ctx, m.Lattice, o.confirm); err != nil {
			return err
		}
	}
	updated, err := a.saveStep(ctx, file, next, fresh, o.dryRun)
	if err != nil {
		return err
	}
	step := finishedStep{before: m, after: updated, fresh: fresh.Names, denied: []keys.PublicKey{lost}, guide: a.guide("", seenOptions{}), dryRun: o.dryRun}
	step.holders = a.holders(m, next, nil)
	return a.showStep(step)
}

// planEmergency makes the new key, in memory, and the manifest without the lost
// one.
func (a verbs) planEmergency(ctx context.Context, m lattice.Manifest, lost keys.PublicKey, n newKeys, fresh *app.FreshKeys) (lattice.Manifest, error) {
	old, needed := rotation.NeedsKey(m, lost)
	if !needed && len(n.words) > 0 {
		return m, fault.New(fault.Usage, "this emergency needs no new key: leave --new out").WithHint("latch issuers rotate status")
	}
	if !needed {
		return rotation.Emergency(m, lost, lattice.Issuer{}, a.Sys.Now())
	}
	taken, err := a.takenNames(ctx, m, n)
	if err != nil {
		return m, err
	}
	name := rotation.FreeName(old, taken)
	fresh.InPlaceOf = map[string]string{name: old}
	issuers, err := a.issuers([]string{name}, n, fresh)
	if err != nil {
		return m, err
	}
	return rotation.Emergency(m, lost, issuers[0], a.Sys.Now())
}
