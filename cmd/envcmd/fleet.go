package envcmd

import (
	"context"
	"sync"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/bucket"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/rollout"
	"github.com/latch-keys/latch/internal/wasmbus"
)

// fleet is the other hosts of a lattice, as one supervisor reaches them: it connects
// when there is something to ask, and stays connected.
type fleet struct {
	verbs
	o    execOptions
	from *source
	told bool // the host has been started

	mu     sync.Mutex
	known  lattice.Manifest // as it was read last
	conn   *natsconn.Conn
	end    func()
	shared *bucket.Cell
}

func (f *fleet) learn(m lattice.Manifest) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.known = m
}

func (f *fleet) manifest() lattice.Manifest {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.known
}

// connection is the one to where hosts take commands.
func (f *fleet) connection(ctx context.Context) (*natsconn.Conn, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.conn != nil {
		return f.conn, nil
	}
	if !f.from.fromFile {
		f.o.restart.Given(f.known)
	}
	var err error
	f.conn, f.end, err = f.o.restart.Flags.Flags.Open(ctx, f.App, func(o *natsconn.Options) { o.Reconnect = true })
	if err != nil {
		f.conn = nil
	}
	return f.conn, err
}

func (f *fleet) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.conn != nil {
		f.end()
	}
}

// firstLook is how long the first answer of a host that was started is waited for.
const firstLook = 300 * time.Millisecond

// look looks for a host as it was told to stand.
func (f *fleet) look(ctx context.Context, want rollout.Want, age time.Duration) (rollout.Sight, error) {
	m := f.manifest()
	if _, listed := m.Host(want.Host); !listed {
		return rollout.Unlisted, nil
	}
	stands, err := standingOf(want)
	if err != nil {
		return rollout.Away, err
	}
	conn, err := f.connection(ctx)
	if err != nil {
		return rollout.Away, err
	}
	within := f.o.restart.Timeout()
	if age > 0 { // a host that has just been started listens only soon: rather ask again
		within = min(within, firstLook+age/4)
	}
	status, err := f.o.restart.LookFor(ctx, conn, m, want.Host, within)
	if err != nil {
		return rollout.Away, err
	}
	switch status.Presence(stands, want.Generation, age) {
	case wasmbus.Arrived:
		return rollout.AsWritten, nil
	case wasmbus.Otherwise:
		return rollout.Up, nil
	default:
		return rollout.Away, nil
	}
}

// standingOf reads how a host was told to stand. The record says it in text.
func standingOf(w rollout.Want) (s lattice.Standing, err error) {
	s.Host = w.Host
	if w.Signs != "" {
		if s.Signs, err = keys.ParsePublicKey(w.Signs, keys.Cluster); err != nil {
			return s, err
		}
	}
	for _, text := range w.Accepts {
		key, err := keys.ParsePublicKey(text, keys.Cluster)
		if err != nil {
			return s, err
		}
		s.Accepts = append(s.Accepts, key)
	}
	return s, nil
}

// Read reads the record of the roll-out.
func (f *fleet) Read(ctx context.Context) ([]byte, uint64, error) {
	cell, err := f.cell(ctx)
	if err != nil {
		return nil, 0, err
	}
	return cell.Read(ctx)
}

// Write writes it, over the revision that was read.
func (f *fleet) Write(ctx context.Context, data []byte, over uint64) (bool, error) {
	cell, err := f.cell(ctx)
	if err != nil {
		return false, err
	}
	return cell.Write(ctx, data, over)
}

func (f *fleet) cell(ctx context.Context) (*bucket.Cell, error) {
	if f.shared != nil {
		return f.shared, nil
	}
	var err error
	f.shared, err = f.ledger(ctx)
	return f.shared, err
}
