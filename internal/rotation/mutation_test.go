package rotation

import (
	"slices"
	"testing"

	"github.com/latch-keys/latch/internal/lattice"
)

// mutation takes one rule of the plan away, or bends it.
type mutation struct {
	name string
	bend func(*plan)
	by   finder
}

// finder says what finds a mutation out.
type finder int

const (
	byWalk   finder = iota // the exhaustive walk; another guard may hide it from the random machine
	byRandom               // it takes unlisted hosts, stale files, hosts out of reach or a clock
	byReturn               // it takes a host that goes back and forth unseen, which the random machine seldom has
)

// without is the plan less one guard.
func without(name string) func(*plan) {
	return func(p *plan) {
		before := len(p.guards)
		p.guards = slices.DeleteFunc(p.guards, func(g guard) bool { return g.name == name })
		if len(p.guards) != before-1 {
			panic("there is no guard " + name)
		}
	}
}

func mutations() []mutation {
	both := func(a, b func(*lattice.Manifest)) func(*lattice.Manifest) {
		return func(m *lattice.Manifest) { a(m); b(m) }
	}
	return []mutation{
		{"guard seen: hosts of which nothing is known count as done", without("seen"), byRandom},
		{"guard current: hosts need not have restarted", without("current"), byRandom},
		{"guard current: hosts that were given a new key need not have restarted with it", func(p *plan) {
			without("current")(p)
			p.guards = append(p.guards, guard{"current", []lattice.Phase{lattice.PhaseIntroduce, lattice.PhaseRetire}, outdated})
		}, byRandom},
		{"guard signs: hosts may sign with what they like", without("signs"), byWalk},
		{"guard accepts: hosts need not accept the new keys", without("accepts"), byWalk},
		{"guard drops: hosts may go on accepting the old keys", without("drops"), byWalk},
		{"guard listed: hosts outside the manifest do not matter", without("listed"), byRandom},
		{"guard min_soak: no time needs to pass", without("min_soak"), byRandom},
		{"what was seen in an earlier phase still counts", func(p *plan) { p.forget = func(*lattice.Rotation) {} }, byReturn},
		{"start makes hosts sign with the new keys at once", func(p *plan) { p.start.change = switchSigners }, byWalk},
		{"introduce and switch in one step", func(p *plan) {
			p.next[lattice.PhaseIntroduce] = step{lattice.PhaseRetire, both(switchSigners, retireOldKeys)}
		}, byWalk},
		{"the old key is dropped with the switch", func(p *plan) {
			p.next[lattice.PhaseIntroduce] = step{lattice.PhaseSwitch, both(switchSigners, retireOldKeys)}
		}, byWalk},
		{"the end drops the old key without a phase", func(p *plan) { p.next[lattice.PhaseSwitch] = step{steady, retireOldKeys} }, byWalk},
		{"keys that hosts still sign with are dropped", func(p *plan) {
			p.next[lattice.PhaseSwitch] = step{lattice.PhaseRetire, func(m *lattice.Manifest) {
				m.Issuers = slices.DeleteFunc(m.Issuers, func(is lattice.Issuer) bool {
					return m.Rotation.Involves(is.Name) && !slices.ContainsFunc(m.Rotation.Keys,
						func(s lattice.Succession) bool { return s.New == is.Name })
				})
			}}
		}, byWalk},
		{"abort of switch ends at once", func(p *plan) { p.back[lattice.PhaseSwitch] = step{steady, both(switchSigners, retireOldKeys)} }, byWalk},
		{"abort of switch drops the new key at once", func(p *plan) {
			p.back[lattice.PhaseSwitch] = step{lattice.PhaseRetire, both(switchSigners, retireOldKeys)}
		}, byWalk},
		{"abort of retire signs with the old key at once", func(p *plan) {
			p.back[lattice.PhaseRetire] = step{lattice.PhaseSwitch, both(restoreRetiredKeys, switchSigners)}
		}, byWalk},
		{"abort of introduce always ends at once", func(p *plan) {
			p.untouched = func(r lattice.Rotation) bool { return r.Phase == lattice.PhaseIntroduce }
		}, byWalk},
	}
}

// Every rule of the plan is needed: without it a promise breaks.
func TestEveryRuleIsNeeded(t *testing.T) {
	t.Parallel()
	for _, mutated := range mutations() {
		t.Run(mutated.name, func(t *testing.T) {
			t.Parallel()
			p := standard()
			mutated.bend(&p)
			if err := walk(p); (err != nil) != (mutated.by == byWalk) {
				t.Errorf("the exhaustive walk found: %v", err)
			}
			switch mutated.by {
			case byWalk:
				return
			case byReturn:
				if err := unseenReturn(t, p); err == nil {
					t.Error("no promise broke")
				}
				return
			}
			steps, broken := stumble(func(seed uint64) *machine { return newMachine(p, seed) })
			if broken == nil {
				t.Fatalf("no promise broke in %d random steps", steps)
			}
			t.Logf("broken after %d random steps: %v", steps, broken)
		})
	}
}

// unseenReturn has a host read with its new key, start with its old one after an abort,
// and be out of reach once the abort is undone.
func unseenReturn(t *testing.T, p plan) error {
	t.Helper()
	must := func(m lattice.Manifest, err error) lattice.Manifest {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	at := testStart()
	m := must(started(p, shaped([]int{0, 0}), Selection{}, 100, at))
	m = must(p.advance(Observe(m, seenAs(m.Standings(), at)), at))
	m = Observe(m, []lattice.Observation{{Standing: m.Standings()[0], Evidence: lattice.Read, At: at}})
	m = must(p.abort(m, at))
	away := m.Standings()[0]
	m = must(p.undoAbort(m, at))
	runs := []lattice.Standing{away, m.Standings()[1]}
	m, err := p.advance(Observe(m, seenAs(runs[1:], at)), at)
	if err != nil {
		return nil //nolint:nilerr // the host is in the way, as it should be
	}
	runs[1] = m.Standings()[1]
	return refusedCall(runs)
}

// A host that comes and goes unseen is in the way of a phase.
func TestAHostThatReturnsUnseen(t *testing.T) {
	t.Parallel()
	if err := unseenReturn(t, standard()); err != nil {
		t.Error(err)
	}
}

// The two rules that stand outside the plan: the manifest admits no host that
// would be refused, and saves nothing that others have overtaken.
func TestTheManifestGuardsToo(t *testing.T) {
	t.Parallel()
	for name, bend := range map[string]func(*machine){
		"any host is admitted":                  func(k *machine) { k.careful = false },
		"a save overwrites what it did not see": func(k *machine) { k.only = false },
	} {
		steps, broken := stumble(func(seed uint64) *machine {
			k := newMachine(standard(), seed)
			bend(k)
			return k
		})
		if broken == nil {
			t.Errorf("%s: no promise broke in %d random steps", name, steps)
		}
		t.Logf("%s: broken after %d random steps: %v", name, steps, broken)
	}
}

// walk gives the first promise that breaks on small lattices.
func walk(p plan) error {
	for _, blocks := range [][]int{{0, 0, 0}, {0, 1, 2}, {0, 0, 1}} {
		for _, s := range selections(blocks) {
			x := &explorer{plan: p, reached: map[string]bool{}}
			if err := x.explore(shaped(blocks), s); err != nil {
				return err
			}
		}
	}
	return nil
}

// stumble gives the first promise that random machines break.
func stumble(machineOf func(seed uint64) *machine) (taken int, broken error) {
	for seed := range uint64(1000) {
		history, err := run(machineOf(seed), stepsPerMachine)
		taken += len(history)
		if err != nil {
			return taken, err
		}
	}
	return taken, nil
}
