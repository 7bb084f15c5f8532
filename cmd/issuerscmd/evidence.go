package issuerscmd

import (
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/rotation"
)

// evidenceOptions say how hosts are known to have a phase.
type evidenceOptions struct {
	deployed []string
	attest   []string
	ignore   []string
}

const attestAll = "all"

func (o *evidenceOptions) register(c *cobra.Command, a verbs) {
	o.registerSeen(c)
	c.Flags().StringSliceVar(&o.attest, "attest", nil, "attest that these hosts, or all, have restarted with what the manifest says")
	_ = c.RegisterFlagCompletionFunc("attest", a.CompleteHosts)
}

// registerSeen adds the flags for what was seen, also of hosts that are not in
// the manifest.
func (o *evidenceOptions) registerSeen(c *cobra.Command) {
	addDeployedFlag(c, &o.deployed)
	c.Flags().StringSliceVar(&o.ignore, "ignore", nil, "forget what was seen of these hosts: they have stopped")
}

func addDeployedFlag(c *cobra.Command, into *[]string) {
	c.Flags().StringSliceVar(into, "deployed", nil, "read the env files in this folder, or this file, as they lie on hosts")
}

// gather takes down all that is known of the hosts. What was read counts for
// more than what is attested.
func (a verbs) gather(ctx context.Context, m lattice.Manifest, o evidenceOptions) (lattice.Manifest, []deployedFile, error) {
	files, err := a.readDeployed(ctx, o.deployed, m.Lattice)
	if err != nil {
		return m, nil, err
	}
	known := rotation.Ignore(m, o.ignore)
	now := a.Sys.Now()
	if len(o.attest) > 0 {
		if known, err = rotation.Attest(known, o.attested(), now); err != nil {
			return m, nil, err
		}
	}
	return rotation.Observe(known, observations(files, now)), files, nil
}

// check refuses to name hosts beside all of them.
func (o evidenceOptions) check() error {
	if slices.Contains(o.attest, attestAll) && len(o.attest) > 1 {
		return errors.New("--attest all leaves nothing to name")
	}
	return nil
}

// attested are the hosts named, none for all.
func (o evidenceOptions) attested() []string {
	if slices.Contains(o.attest, attestAll) {
		return nil
	}
	return o.attest
}
