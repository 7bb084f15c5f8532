package issuerscmd

import (
	"context"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/rotation"
)

// guide knows which flags the person uses; verb is the command that goes on.
func (a verbs) guide(verb string, o deployedOptions) rotation.Guide {
	g := rotation.Guide{Verb: verb, Flags: a.FlagsInUse(), Deployed: o.paths}
	if o.readBy != "" && o.readBy != app.GuessReading {
		g.ReadBy = o.readBy
	}
	return g
}

// explain adds to a refusal what would clear it. known is the manifest with what is
// known of its hosts.
func (a verbs) explain(ctx context.Context, file *lattice.Document, known lattice.Manifest, g rotation.Guide, err error) error {
	if rotation.InTheWay(err) == nil {
		return err
	}
	g.Ready = rotation.Ready(known, a.WrittenFiles(ctx, file))
	return g.Explain(known, err)
}
