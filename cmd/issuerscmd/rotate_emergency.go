package issuerscmd

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/rotation"
	"github.com/latch-keys/latch/internal/terminal"
)

type rotateEmergencyOptions struct {
	compromised string
	confirm     string
	dryRun      bool
}

func newRotateEmergency(a verbs) *cobra.Command {
	var o rotateEmergencyOptions
	c := &cobra.Command{
		Use:   "emergency",
		Short: "Drop a compromised key at once; calls are refused until all hosts have restarted",
		Long: `Drops a compromised key without any overlap: no host is to accept it from its
next restart on, hosts that signed with it get a new key, and it goes on the deny
list of the manifest, from which nothing makes an issuer of it again. Claims
never expire: whoever holds the seed is heard by every host that has not
restarted yet.

Hosts that have restarted and hosts that have not refuse each other until all
have. The order to restart in is printed. It asks for the lattice's name, on a
terminal or with --confirm.`,
		Example: "  latch issuers rotate emergency --compromised prod-cluster\n" +
			"  latch issuers rotate emergency --compromised prod-cluster --confirm prod",
		Args: app.Exactly(),
		RunE: func(c *cobra.Command, _ []string) error {
			if o.compromised == "" {
				return app.UsageIn(c, "--compromised is missing")
			}
			return a.rotateEmergency(c.Context(), o)
		},
	}
	flags := c.Flags()
	flags.StringVar(&o.compromised, "compromised", "", "the key: its public key, or the issuer's name")
	flags.StringVar(&o.confirm, "confirm", "", "the lattice's name, instead of being asked for it")
	addDryRunFlag(c, &o.dryRun)
	_ = c.RegisterFlagCompletionFunc("compromised", a.CompleteIssuers)
	return c
}

func (a verbs) rotateEmergency(ctx context.Context, o rotateEmergencyOptions) error {
	file, err := a.Manifest()
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
	next, err := a.planEmergency(ctx, m, lost, &fresh)
	if err != nil {
		return err
	}
	if !o.dryRun {
		if err := a.confirmLattice(ctx, m.Lattice, o.confirm); err != nil {
			return err
		}
	}
	updated, err := a.saveStep(ctx, file, next, fresh, o.dryRun)
	if err != nil {
		return err
	}
	step := finishedStep{before: m, after: updated, fresh: fresh.Names, denied: []keys.PublicKey{lost}, dryRun: o.dryRun}
	if step.holders, err = a.holders(m, next, nil); err != nil {
		return err
	}
	return a.showStep(step)
}

// planEmergency makes the new key, in memory, and the manifest without the lost
// one.
func (a verbs) planEmergency(ctx context.Context, m lattice.Manifest, lost keys.PublicKey, fresh *app.FreshKeys) (lattice.Manifest, error) {
	old, needed := rotation.NeedsKey(m, lost)
	if !needed {
		return rotation.Emergency(m, lost, lattice.Issuer{}, a.Sys.Now())
	}
	taken, err := a.takenNames(ctx, m)
	if err != nil {
		return m, err
	}
	issuer, err := a.FreshIssuer(fresh, rotation.FreeName(old, taken))
	if err != nil {
		return m, err
	}
	return rotation.Emergency(m, lost, issuer, a.Sys.Now())
}

// confirmLattice asks for the lattice's name: --yes does not answer.
func (a verbs) confirmLattice(ctx context.Context, name, given string) error {
	const wrong = "that is not the name of this lattice, nothing was changed"
	a.Warn("hosts that have restarted and hosts that have not will refuse each other until all of the lattice %s have", name)
	switch {
	case given == name:
		return nil
	case given != "":
		return fault.New(fault.Refused, wrong).WithHint("latch lattice show")
	case !a.CanAsk():
		return fault.New(fault.Refused, "this needs the lattice's name, and there is no terminal to ask on").WithHint("add --confirm with the lattice's name")
	}
	fmt.Fprint(a.Sys.Stderr, "The lattice's name, to go on: ")
	answer, err := terminal.Await(ctx, bufio.NewReader(a.Sys.Stdin).ReadString, '\n')
	if err != nil && answer == "" {
		fmt.Fprintln(a.Sys.Stderr)
		return fmt.Errorf("failed to read the answer: %w", err)
	}
	if strings.TrimSpace(answer) != name {
		return fault.New(fault.Refused, wrong)
	}
	return nil
}
