package issuerscmd

import (
	"context"

	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/env/envfile"
	"github.com/latch-keys/latch/internal/env/envfile/judge"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/rotation"
)

// guide knows which flags the person uses; verb is the command that goes on.
func (a verbs) guide(verb string, o seenOptions) rotation.Guide {
	g := rotation.Guide{Verb: verb, Flags: a.FlagsInUse(), Deployed: o.paths}
	if r, err := envfile.ParseReading(o.readBy); err == nil && r != nil {
		g.ReadBy = o.readBy
	}
	if o.live {
		g.Live, g.Untold = append([]string{"--live"}, a.ConnectionInUse()...), o.untold
	}
	return g
}

// explain adds to a refusal what would clear it. known is the manifest with what is
// known of its hosts.
func (a verbs) explain(ctx context.Context, file *lattice.Document, known lattice.Manifest, g rotation.Guide, err error) error {
	if rotation.InTheWay(err) == nil {
		return err
	}
	g.Ready = a.ready(ctx, file, known)
	return g.Explain(known, err)
}

// ready are the hosts whose env file beside the manifest only needs to be copied. A
// file that cannot be read is not ready.
func (a verbs) ready(ctx context.Context, file *lattice.Document, m lattice.Manifest) map[string]bool {
	hosts, _, err := envfile.Load(ctx, []string{env.Folder(file.Path())}, envfile.Options{Target: m.TargetByName(), Settle: a.Settle, Reads: a.TraceRead})
	defer envfile.Wipe(hosts)
	if err != nil {
		return nil
	}
	return rotation.Ready(m, judge.Observe(judge.InLattice(hosts, m.Lattice), a.Sys.Now()))
}
