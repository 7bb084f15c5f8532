package live

import (
	"context"
	"time"

	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/wasmbus"
)

// LookFor looks for one host of a manifest on a connection that is there already, and
// waits for the answers of no other.
func (f *Flags) LookFor(ctx context.Context, conn *natsconn.Conn, m lattice.Manifest, host string, within time.Duration) (wasmbus.Status, error) {
	roster, err := wasmbus.NewRoster(m, f.match)
	if err != nil {
		return wasmbus.Status{}, err
	}
	k := &Asker{Who: wasmbus.Identity{Server: conn.ConnectedUrlRedacted()}, conn: conn, roster: roster, question: roster.Question()}
	k.question.Expected, k.question.Timeout = []string{host}, within
	status, err := k.Look(ctx)
	if err == nil && status.Answers.Outcome == wasmbus.MayNotAsk {
		err = k.Unseen(status)
	}
	return status, err
}
