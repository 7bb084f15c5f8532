package rotation

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"

	"github.com/latch-keys/latch/internal/oracle"
)

// explorer walks through every state that a rotation of one lattice can reach:
// any host restarts at any time, the next phase starts whenever its guards let
// it, an abort comes at any time.
type explorer struct {
	plan    plan
	used    map[keys.PublicKey]bool
	texts   map[string]bool // the states that were seen
	queue   []state
	pairs   int // of hosts that were held against each other
	mixed   int // states in which hosts are not all alike
	reached map[string]bool
}

// state is the manifest and how each host runs. What hosts are told is always
// what the manifest says: a file written late is a host restarted late.
type state struct {
	m    lattice.Manifest
	runs []lattice.Standing
}

// explore gives the first promise broken, nil if all hold.
func (x *explorer) explore(m lattice.Manifest, s Selection) error {
	x.texts, x.used = map[string]bool{}, map[keys.PublicKey]bool{}
	first, err := started(x.plan, m, s, 100, testStart())
	if err != nil {
		return err
	}
	for _, is := range first.Issuers {
		x.used[is.PublicKey] = true
	}
	if err := x.add(state{first, m.Standings()}); err != nil {
		return err
	}
	for len(x.queue) > 0 {
		now := x.queue[len(x.queue)-1]
		x.queue = x.queue[:len(x.queue)-1]
		if err := x.expand(now); err != nil {
			return err
		}
	}
	return nil
}

func (x *explorer) expand(now state) error {
	for i, told := range now.m.Standings() {
		if !now.runs[i].Same(told) {
			runs := slices.Clone(now.runs)
			runs[i] = told
			if err := x.add(state{now.m, runs}); err != nil {
				return err
			}
		}
	}
	if now.m.Rotation == nil {
		return nil
	}
	at := testStart().Add(time.Hour)
	next, err := x.plan.advance(Observe(now.m, seenAs(now.runs, at)), at)
	if err == nil {
		err = x.arrive(next, now.runs)
	}
	if err != nil && InTheWay(err) == nil {
		return err
	}
	turn := x.plan.abort
	if now.m.Rotation.Aborted {
		turn = x.plan.undoAbort
	}
	back, err := turn(now.m, at)
	if err != nil {
		return err
	}
	if back.Rotation == nil && !now.m.Rotation.Switched { // nobody ever signed with the new keys
		return x.add(state{back, now.runs})
	}
	return x.arrive(back, now.runs)
}

// arrive adds the state after a phase began or the rotation ended.
func (x *explorer) arrive(m lattice.Manifest, runs []lattice.Standing) error {
	if err := leftBehind(m, runs, x.used); err != nil {
		return err
	}
	return x.add(state{m, runs})
}

func (x *explorer) add(s state) error {
	text := phaseText(s.m)
	x.reached[text] = true
	told := s.m.Standings()
	mixed := false
	for i, r := range s.runs {
		text += string(r.Signs.Bytes()) + strconv.Itoa(len(r.Accepts)) // which tells all that a host can be told apart, but for order
		mixed = mixed || !r.Same(told[i])
	}
	if x.texts[text] {
		return nil
	}
	x.texts[text] = true
	x.pairs += len(s.runs) * len(s.runs)
	if mixed {
		x.mixed++
	}
	for _, standings := range [][]lattice.Standing{s.runs, told} {
		if err := refusedCall(standings); err != nil {
			return fmt.Errorf("%s: %w", phaseText(s.m), err)
		}
	}
	x.queue = append(x.queue, s)
	return nil
}

func phaseText(m lattice.Manifest) string {
	if m.Rotation == nil {
		return "steady"
	}
	if m.Rotation.Aborted {
		return "back: " + string(m.Rotation.Phase)
	}
	return string(m.Rotation.Phase)
}

// Every way to share keys among up to six hosts, every mix of restarted hosts in
// every phase, and every way through the phases and back: no host refuses any.
func TestEveryMixOfHostsAcceptsEachOther(t *testing.T) {
	t.Parallel()
	x := &explorer{plan: standard(), reached: map[string]bool{}}
	lattices, states, most := 0, 0, 6
	if testing.Short() {
		most = 4
	}
	for hosts := 1; hosts <= most; hosts++ {
		for _, blocks := range partitions(hosts) {
			for _, s := range selections(blocks) {
				if err := x.explore(shaped(blocks), s); err != nil {
					t.Fatalf("keys %v, %+v: %v", blocks, s, err)
				}
				lattices++
				states += len(x.texts)
			}
		}
	}
	oracle.Figure(t, "%d rotations, %d states, %d of them mixed, %d pairs of hosts: no call refused", lattices, states, x.mixed, x.pairs)
	if len(x.reached) != 7 {
		t.Errorf("reached %v, want steady and three phases each way", x.reached)
	}
	if !testing.Short() && (lattices < 278 || x.mixed < 10_000) {
		t.Errorf("only %d rotations and %d mixed states were looked at", lattices, x.mixed)
	}
}

// selections are the rotations tried on a lattice: all keys for most, every form
// for the small ones.
func selections(blocks []int) []Selection {
	all := []Selection{{}}
	if len(blocks) <= 4 {
		all = append(all, Selection{Shape: Shared}, Selection{Shape: PerHost}, Selection{Hosts: []string{"host-0"}},
			Selection{Retire: []string{"key-0"}})
	}
	return all
}
