package issuerscmd

import (
	"context"
	"slices"

	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmbus"
)

// look is what can be seen of hosts: in their env files, and of those that run.
func (a verbs) look(ctx context.Context, o seenOptions, m lattice.Manifest) ([]lattice.Observation, error) {
	seen, err := a.readDeployed(ctx, o, m)
	if err != nil || !o.live {
		return seen, err
	}
	running, err := a.askHosts(ctx, o, m)
	return slices.Concat(seen, running), err
}

// askHosts asks the running hosts, once, for the whole time: that a host of each name
// has answered does not mean that all have, since several may run as one, and strangers
// as well. Where nobody could be asked, or nobody answered, that is an error: it must
// not look like "nothing has changed".
func (a verbs) askHosts(ctx context.Context, o seenOptions, m lattice.Manifest) ([]lattice.Observation, error) {
	asker, end, err := o.ask.Open(ctx, a.App, m, nil)
	if err != nil {
		return nil, err
	}
	defer end()
	asker.Strangers()
	status, err := asker.See(ctx, a.Warn)
	if err != nil {
		return nil, err
	}
	for _, row := range status.Rows {
		if row.Member && row.Verdict == wasmbus.NotTold {
			o.untold[row.Host] = true
			a.Warn("%s answers, but %s: it needs --deployed or --attest", row.Host, row.Why)
		}
	}
	return status.Observations(a.Sys.Now()), nil
}
