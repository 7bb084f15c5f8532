package rollout

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/latch-keys/latch/internal/fault"
)

// Ledger keeps the record of a lattice where all of its supervisors reach it.
type Ledger interface {
	// Read gives the newest revision, zero where there is none yet.
	Read(ctx context.Context) (data []byte, revision uint64, err error)
	// Write writes over a revision; it reports false where that is not the newest any
	// more. Where an answer was lost it finds out what became of the write.
	Write(ctx context.Context, data []byte, over uint64) (written bool, err error)
}

// Sight is what was seen of a host.
type Sight int

// What can be seen.
const (
	Away      Sight = iota // it does not answer
	Up                     // it answers, and not as it should
	AsWritten              // it answers as it should, or as something newer says
	Unlisted               // the manifest has no such host any more
)

// Look looks at a host: at one that has been running for no longer than age, where
// that is not zero.
type Look func(ctx context.Context, want Want, age time.Duration) (Sight, error)

// Member is one supervisor's part in the roll-outs of its lattice. It has one turn at
// a time.
type Member struct {
	Host     string
	Holder   string        // which no other supervisor has
	Most     int           // how many hosts may be down at the same time
	Lease    time.Duration // how long a turn lasts that is not renewed
	Patience time.Duration // how long the host may take to be there again
	Ledger   Ledger
	Look     Look
	Now      func() Instant

	others stillness

	mu      sync.Mutex
	fence   uint64  // of the turn that it holds, 0 for none
	renewed Instant // when it last asked for it with success
}

// Answer is what became of asking for a turn.
type Answer struct {
	Got     bool
	Waiting []string // for the turns of which hosts
	Halts   []Halt   // what has halted the roll-out
}

// mostTries bounds how often a change is made anew since others came first.
const mostTries = 50

// Ask asks for a turn, once. Whoever asks also looks after hosts whose supervisors
// have died, and after those that have halted the roll-out: nobody else does.
func (m *Member) Ask(ctx context.Context, want Want) (Answer, error) {
	for range mostTries {
		sent := m.Now()
		r, revision, err := m.read(ctx)
		if err != nil {
			return Answer{}, err
		}
		next, err := m.tend(ctx, r)
		if err != nil {
			return Answer{}, err
		}
		next, fence := m.claim(next, want, sent)
		written, err := m.write(ctx, r, next, revision)
		switch {
		case err != nil:
			return Answer{}, err
		case written && fence != 0:
			m.hold(fence, sent)
			return Answer{Got: true}, nil
		case written:
			return m.standing(next), nil
		}
	}
	return Answer{}, busy()
}

// claim takes a turn where one may begin, and gives its number. One that it has
// already, since the answer to an earlier claim was lost, it keeps.
func (m *Member) claim(r record, want Want, sent Instant) (record, uint64) {
	deadline := sent.Wall.Add(m.Lease).UTC()
	for _, t := range r.Turns {
		if t.Holder == m.Holder {
			r, _ = r.renew(t.Fence, deadline)
			return r, t.Fence
		}
	}
	if why := m.standing(r); len(why.Halts) > 0 || len(r.Turns) >= m.Most {
		return r, 0
	}
	r = r.begin(turn{Want: want, Holder: m.Holder, Lease: inSeconds(m.Lease), Patience: inSeconds(m.Patience), Deadline: deadline})
	return r, r.Fence
}

// standing is why no turn can begin now. A host that has halted the roll-out itself
// may go on: it is down as it is, and what it is now told may be what mends it.
func (m *Member) standing(r record) (a Answer) {
	for _, t := range r.Turns {
		a.Waiting = append(a.Waiting, t.Want.Host)
	}
	if !slices.ContainsFunc(r.Halts, func(h Halt) bool { return h.Want.Host == m.Host }) {
		a.Halts = r.Halts
	}
	return a
}

// tend takes away what no longer stands in the way: the halts of hosts that are back,
// and turns that have expired whose hosts are there. It halts at a host that is not.
func (m *Member) tend(ctx context.Context, r record) (record, error) {
	now := m.Now()
	m.others.note(r.Turns, now)
	for _, h := range r.Halts {
		sight, err := m.Look(ctx, h.Want, 0)
		if err != nil {
			return r, err
		}
		if sight == AsWritten || sight == Unlisted {
			r = r.clear(h.Want.Host)
		}
	}
	for _, t := range r.Turns {
		overdue := m.others.overdue(t, now)
		if overdue < 0 || !m.others.mayLook(t, now) {
			continue
		}
		sight, err := m.Look(ctx, t.Want, 0)
		switch {
		case err != nil:
			return r, err
		case sight == AsWritten, sight == Unlisted:
			r = r.end(t.Fence)
		case overdue < t.Patience.duration():
		case sight == Up: // its supervisor died before it stopped it
			r = r.end(t.Fence)
		default:
			r = r.halt(t.Fence, Halt{Want: t.Want, Why: "its supervisor died during its turn, and it does not answer", By: m.Host, At: now.Wall.UTC()})
		}
	}
	return r, nil
}

// Renew keeps the turn; false where it is lost.
func (m *Member) Renew(ctx context.Context) (held bool, err error) {
	fence := m.number()
	var sent Instant
	err = m.change(ctx, func(r record) record {
		sent = m.Now()
		r, held = r.renew(fence, sent.Wall.Add(m.Lease).UTC())
		return r
	})
	if err == nil && held {
		m.hold(fence, sent)
	}
	return held, err
}

// Sure reports whether the turn is held for certain, and for long enough to do
// something about the host.
func (m *Member) Sure() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.fence != 0 && m.Now().atMost(m.renewed) < m.Lease*2/3
}

func (m *Member) hold(fence uint64, since Instant) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.fence, m.renewed = fence, since
}

func (m *Member) number() uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.fence
}

// End gives the turn back; the host is as it should be.
func (m *Member) End(ctx context.Context) error {
	return m.giveBack(ctx, func(r record, fence uint64) record { return r.end(fence).clear(m.Host) })
}

// Waive gives it back unused.
func (m *Member) Waive(ctx context.Context) error {
	return m.giveBack(ctx, func(r record, fence uint64) record { return r.end(fence) })
}

// Halt halts the roll-out at this host, which has not come back.
func (m *Member) Halt(ctx context.Context, want Want, why string) error {
	h := Halt{Want: want, Why: why, By: m.Host, At: m.Now().Wall.UTC()}
	return m.giveBack(ctx, func(r record, fence uint64) record { return r.halt(fence, h) })
}

func (m *Member) giveBack(ctx context.Context, edit func(r record, fence uint64) record) error {
	fence := m.number()
	err := m.change(ctx, func(r record) record { return edit(r, fence) })
	if err == nil {
		m.hold(0, Instant{})
	}
	return err
}

// change makes a change of the record, anew where somebody else has made one.
func (m *Member) change(ctx context.Context, edit func(record) record) error {
	for range mostTries {
		r, revision, err := m.read(ctx)
		if err != nil {
			return err
		}
		if written, err := m.write(ctx, r, edit(r), revision); written || err != nil {
			return err
		}
	}
	return busy()
}

func (m *Member) read(ctx context.Context) (record, uint64, error) {
	data, revision, err := m.Ledger.Read(ctx)
	if err != nil {
		return record{}, 0, fmt.Errorf("the roll-out cannot be looked at: %w", err)
	}
	r, err := decode(data)
	return r, revision, err
}

// write writes what has changed, and nothing where nothing has.
func (m *Member) write(ctx context.Context, before, after record, over uint64) (bool, error) {
	was, err := before.encode()
	if err != nil {
		return false, err
	}
	data, err := after.encode()
	if err != nil || string(was) == string(data) {
		return true, err
	}
	return m.Ledger.Write(ctx, data, over)
}

func busy() error {
	return fault.New(fault.Unavailable, "others keep changing the record of the roll-out").WithHint("it is tried again")
}
