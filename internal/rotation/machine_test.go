package rotation

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

// machine is a lattice with hosts that run, files that lie on them, operators
// who do things in any order, and a disk that forgets what was not saved.
type machine struct {
	plan    plan
	random  *rand.Rand
	at      time.Time
	m       lattice.Manifest // as saved
	hosts   []*host          // in the manifest or not, all of them running
	used    map[keys.PublicKey]bool
	lost    keys.Issuers // compromised
	next    int          // the number of the next key, or host
	careful bool         // the manifest admits no host that would be refused
	only    bool         // a save that others have overtaken is refused
	moved   map[lattice.Phase]int
}

// host is told by its file what to do, when it restarts.
type host struct {
	name      string
	file, run told
	since     time.Time // when it began to sign with its key
}

type told struct {
	standing   lattice.Standing
	generation uint64
}

func newMachine(p plan, seed uint64) *machine {
	k := &machine{
		plan: p, random: rand.New(rand.NewPCG(seed, 0)), at: testStart(), next: 1000,
		used: map[keys.PublicKey]bool{}, careful: true, only: true, moved: map[lattice.Phase]int{},
	}
	blocks := make([]int, 1+k.random.IntN(5))
	for i := range blocks {
		blocks[i] = k.random.IntN(1 + k.random.IntN(len(blocks)))
	}
	k.m = shaped(blocks)
	k.m.Generation = 1
	k.m.MinSoak = time.Duration(k.random.IntN(2)) * 15 * time.Minute
	for _, s := range k.m.Standings() {
		now := told{s, 1}
		k.hosts = append(k.hosts, &host{name: s.Host, file: now, run: now, since: k.at})
	}
	k.use()
	return k
}

// use takes down which keys hosts are told to sign with.
func (k *machine) use() {
	for _, s := range k.m.Standings() {
		k.used[s.Signs] = true
	}
}

// act is one thing that somebody does to a manifest, before it is saved.
type act struct {
	name   string
	weight int
	do     func(k *machine, m lattice.Manifest) (lattice.Manifest, error)
}

func acts() []act {
	return []act{
		{"start", 12, (*machine).start},
		{"next", 120, (*machine).advance},
		{"abort", 8, (*machine).abort},
		{"emergency", 1, (*machine).emergency},
		{"join", 6, (*machine).join},
		{"leave", 5, (*machine).leave},
	}
}

// step does one thing, and checks that every promise still holds.
func (k *machine) step() (did string, err error) {
	k.at = k.at.Add(time.Duration(k.random.IntN(600)) * time.Second)
	switch k.random.IntN(10) {
	case 0:
		did = k.write()
	case 1, 2, 3, 4, 5, 6:
		did = k.restart()
	default:
		did, err = k.command()
	}
	if err != nil {
		return did, err
	}
	return did, k.judge()
}

// command runs one command, or two at once, or one that is killed.
func (k *machine) command() (string, error) {
	first := k.pick()
	before := k.m
	after, err := first.do(k, before)
	if err != nil {
		return first.name + ": " + err.Error(), k.expected(err)
	}
	switch k.random.IntN(8) {
	case 0:
		return first.name + ", killed before it saved", nil
	case 1:
		second := k.pick()
		overtaking, err := second.do(k, before)
		if err != nil {
			return second.name + ": " + err.Error(), k.expected(err)
		}
		did := first.name + ", overtaken by " + second.name
		if err := k.save(before, overtaking); err != nil {
			return did, err
		}
		if k.only && !k.m.Equal(before) {
			return did + ": refused, the manifest has changed", nil
		}
		return did, k.save(before, after)
	}
	return first.name, k.save(before, after)
}

func (k *machine) pick() act {
	var all []act
	for _, a := range acts() {
		all = append(all, slices.Repeat([]act{a}, a.weight)...)
	}
	return all[k.random.IntN(len(all))]
}

// expected passes the refusals that an operator may meet.
func (k *machine) expected(err error) error {
	if fault.Is(err, fault.Refused) || fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

func (k *machine) save(before, m lattice.Manifest) error {
	k.m = m
	k.use()
	k.follow(m)
	phase := steady
	if m.Rotation != nil {
		phase = m.Rotation.Phase
	}
	if before.Rotation == nil && phase == steady || before.Rotation != nil && before.Rotation.Phase == phase {
		return nil
	}
	k.moved[phase]++
	if phase == lattice.PhaseRetire && before.Rotation != nil && before.Rotation.Phase == lattice.PhaseSwitch && !before.Rotation.Aborted && !m.Rotation.Emergency {
		return k.soaked()
	}
	return nil
}

// soaked: every member has signed with its new key for long enough.
func (k *machine) soaked() error {
	for _, h := range k.hosts {
		if _, member := k.m.Host(h.name); member && h.since.Add(k.m.MinSoak).After(k.at) {
			return fmt.Errorf("%s has signed with its new key for too short a time", h.name)
		}
	}
	return nil
}

// follow starts the hosts that have joined.
func (k *machine) follow(m lattice.Manifest) {
	for _, s := range m.Standings() {
		if !slices.ContainsFunc(k.hosts, func(h *host) bool { return h.name == s.Host }) {
			now := told{s, m.Generation}
			k.hosts = append(k.hosts, &host{name: s.Host, file: now, run: now, since: k.at})
		}
	}
}

// write brings files to some hosts; a killed write brings them to fewer.
func (k *machine) write() string {
	for _, s := range k.m.Standings() {
		for _, h := range k.hosts {
			if h.name == s.Host && k.random.IntN(4) > 0 {
				h.file = told{s, k.m.Generation}
			}
		}
	}
	return "env write"
}

// restart restarts a host; a stranger may stop for good instead.
func (k *machine) restart() string {
	i := k.random.IntN(len(k.hosts))
	h := k.hosts[i]
	if _, member := k.m.Host(h.name); !member && k.random.IntN(2) == 0 {
		k.hosts = slices.Delete(k.hosts, i, i+1)
		return h.name + " stops"
	}
	if h.run.standing.Signs != h.file.standing.Signs {
		h.since = k.at
	}
	h.run = h.file
	return "restart " + h.name
}

// judge checks the promises. During an emergency calls are refused, on purpose.
func (k *machine) judge() error {
	for _, key := range k.lost {
		if k.m.Accepted().Contains(key) {
			return errors.New("a compromised key is an issuer again")
		}
	}
	if len(k.m.Issuers) == 0 {
		return errors.New("there is no issuer left")
	}
	for _, s := range k.m.Standings() {
		if !s.Accepts.Contains(s.Signs) {
			return fmt.Errorf("%s is told not to accept itself", s.Host)
		}
	}
	if k.m.Rotation != nil && k.m.Rotation.Emergency {
		return nil
	}
	runs := make([]lattice.Standing, len(k.hosts))
	for i, h := range k.hosts {
		runs[i] = h.run.standing
	}
	if err := refusedCall(runs); err != nil {
		return err
	}
	return leftBehind(k.m, runs, k.used)
}
