package rollout_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/rollout"
)

const (
	lease    = 10 * time.Second
	patience = 30 * time.Second
)

// ledger is one in memory, whose next answer may be lost.
type ledger struct {
	data []byte
	rev  uint64
	lose bool
}

func (l *ledger) Read(context.Context) ([]byte, uint64, error) { return l.data, l.rev, nil }

func (l *ledger) Write(_ context.Context, data []byte, over uint64) (bool, error) {
	if over != l.rev {
		return false, nil
	}
	l.data, l.rev = data, l.rev+1
	if l.lose {
		l.lose = false
		return false, errors.New("the answer was lost")
	}
	return true, nil
}

// machine is where a supervisor runs, with clocks of its own.
type machine struct {
	*rollout.Member

	at rollout.Instant
}

func (m *machine) pass(d time.Duration) { m.at.Ticks += d; m.at.Wall = m.at.Wall.Add(d) }

// two are the supervisors of two hosts. Of each host the same is seen.
func two(sight *rollout.Sight) (*ledger, *machine, *machine) {
	l := &ledger{}
	supervisor := func(host string, wall time.Time) *machine {
		m := &machine{at: rollout.Instant{Wall: wall}}
		m.Member = &rollout.Member{
			Host: host, Holder: host + "'s", Most: 1, Lease: lease, Patience: patience, Ledger: l,
			Look: func(context.Context, rollout.Want, time.Duration) (rollout.Sight, error) { return *sight, nil },
			Now:  func() rollout.Instant { return m.at },
		}
		return m
	}
	return l, supervisor("a", time.Unix(1e9, 0)), supervisor("b", time.Unix(2e9, 0)) // their clocks do not agree
}

func ask(t *testing.T, m *machine) rollout.Answer {
	t.Helper()
	answer, err := m.Ask(t.Context(), rollout.Want{Host: m.Host, Generation: 2})
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func renew(t *testing.T, m *machine) bool {
	t.Helper()
	held, err := m.Renew(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return held
}

func TestATurnIsALease(t *testing.T) {
	t.Parallel()
	sight := rollout.Up
	l, a, b := two(&sight)
	if !ask(t, a).Got || !a.Sure() {
		t.Fatal("the first who asks has no turn")
	}
	if answer := ask(t, b); answer.Got || len(answer.Waiting) != 1 || answer.Waiting[0] != "a" {
		t.Fatalf("the second: %+v", answer)
	}
	for range 10 { // as long as it is renewed, and a little less
		a.pass(lease / 2)
		b.pass(lease - 1)
		if !renew(t, a) || ask(t, b).Got {
			t.Fatal("a turn that is renewed was taken over")
		}
	}
	a.pass(lease)
	if a.Sure() {
		t.Error("sure of a turn that may have expired")
	}
	b.pass(lease + patience - 1)
	if ask(t, b).Got {
		t.Error("taken over while its host may be on its way down")
	}
	b.pass(lease / 4) // who waits does not look all the time
	if !ask(t, b).Got {
		t.Fatal("a turn that has expired is not taken over")
	}
	if renew(t, a) || a.Sure() {
		t.Error("the first has its turn still")
	}
	if err := a.End(t.Context()); err != nil || !strings.Contains(string(l.data), `"b's"`) {
		t.Errorf("the first ends the turn of the second: %v, %s", err, l.data)
	}
}

// A host that is seen as written frees the turn of a holder that has died at once, and
// only then.
func TestAHolderThatDied(t *testing.T) {
	t.Parallel()
	sight := rollout.AsWritten
	_, a, b := two(&sight)
	ask(t, a)
	ask(t, b)
	b.pass(lease - 1)
	if ask(t, b).Got {
		t.Error("taken over before it has expired")
	}
	b.pass(1)
	if !ask(t, b).Got {
		t.Error("not taken over")
	}
}

// A clock that jumps takes no turn away, and a machine that slept is not sure of its own.
func TestClocksJump(t *testing.T) {
	t.Parallel()
	sight := rollout.Up
	_, a, b := two(&sight)
	ask(t, a)
	ask(t, b)
	b.at.Wall = b.at.Wall.AddDate(1, 0, 0)
	if ask(t, b).Got {
		t.Error("a jump of the clock took a turn over")
	}
	b.at.Wall = b.at.Wall.AddDate(-2, 0, 0)
	a.at.Wall = a.at.Wall.AddDate(0, 0, -1)
	if !a.Sure() {
		t.Error("a jump back took its own turn away")
	}
	if a.at.Wall = a.at.Wall.AddDate(0, 0, 2); a.Sure() {
		t.Error("sure of its turn after it may have slept")
	}
	if !renew(t, a) || !a.Sure() {
		t.Error("it cannot find out that it has it still")
	}
}

// Who does not know whether it got a turn finds out by asking again.
func TestALostAnswer(t *testing.T) {
	t.Parallel()
	sight := rollout.Up
	l, a, b := two(&sight)
	l.lose = true
	if _, err := a.Ask(t.Context(), rollout.Want{Host: "a"}); err == nil || a.Sure() {
		t.Errorf("a lost answer: %v, sure %v", err, a.Sure())
	}
	if ask(t, b).Got {
		t.Error("two have a turn")
	}
	if !ask(t, a).Got || !a.Sure() || !strings.Contains(string(l.data), `"fence":1,"beat":1`) {
		t.Errorf("it has another turn than its own: %s", l.data)
	}
	l.lose = true
	if err := a.Waive(t.Context()); err == nil {
		t.Error("a lost answer is none")
	}
	if err := a.Waive(t.Context()); err != nil || !ask(t, b).Got {
		t.Errorf("a turn given back twice: %v", err)
	}
}

// Of a record that a newer latch has written nothing is known, and nothing is written
// over it.
func TestAnotherRecord(t *testing.T) {
	t.Parallel()
	sight := rollout.Up
	for _, text := range []string{`{"version":2}`, `no JSON`} {
		l, a, _ := two(&sight)
		l.data, l.rev = []byte(text), 7
		if _, err := a.Ask(t.Context(), rollout.Want{Host: "a"}); !fault.Is(err, fault.Unavailable) || l.rev != 7 {
			t.Errorf("%s: %v, revision %d", text, err, l.rev)
		}
	}
}
