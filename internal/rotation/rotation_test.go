package rotation

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

func TestSuccessions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		blocks []int
		s      Selection
		want   string
	}{
		{"shared", []int{0, 0}, Selection{}, "key-0>key-0.2"},
		{"per host", []int{0, 1}, Selection{}, "key-0>key-0.2 key-1>key-1.2"},
		{"only one", []int{0, 1}, Selection{Retire: []string{"key-1"}}, "key-1>key-1.2"},
		{"one host of two", []int{0, 0}, Selection{Hosts: []string{"host-1"}}, "key-0>prod-host-1@host-1"},
		{"the only host", []int{0, 1}, Selection{Hosts: []string{"host-1"}}, "key-1>prod-host-1"},
		{"split", []int{0, 0}, Selection{Shape: PerHost}, "key-0>prod-host-0@host-0 key-0>prod-host-1@host-1"},
		{"joined", []int{0, 1}, Selection{Shape: Shared}, "key-0>prod-cluster@host-0 key-1>prod-cluster@host-1"},
		{"shared anew", []int{0, 0}, Selection{Shape: Shared}, "key-0>prod-cluster"},
	} {
		got, err := Successions(shaped(c.blocks), c.s, func(name string) bool { return strings.HasPrefix(name, "key-") && !strings.Contains(name, ".") })
		var texts []string
		for _, s := range got {
			text := s.Old + ">" + s.New
			if s.Host != "" {
				text += "@" + s.Host
			}
			texts = append(texts, text)
		}
		if err != nil || strings.Join(texts, " ") != c.want {
			t.Errorf("%s: got %v, %v, want %s", c.name, texts, err, c.want)
		}
	}
}

func TestSuccessionsRefuse(t *testing.T) {
	t.Parallel()
	m := shaped([]int{0})
	m.Issuers = append(m.Issuers, testIssuer("partner", 9))
	for _, c := range []struct {
		s    Selection
		want fault.Kind
	}{
		{Selection{Retire: []string{"nothing"}}, fault.NotFound},
		{Selection{Retire: []string{"partner"}}, fault.Refused},
		{Selection{Hosts: []string{"nobody"}}, fault.NotFound},
	} {
		if _, err := Successions(m, c.s, func(string) bool { return false }); !fault.Is(err, c.want) {
			t.Errorf("%+v: got %v, want %v", c.s, err, c.want)
		}
	}
	if _, err := Successions(lattice.Manifest{}, Selection{}, nil); !fault.Is(err, fault.Refused) {
		t.Errorf("no host: %v", err)
	}
}

func TestFreeName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, taken, want string
	}{
		{"a", "", "a"},
		{"a", "a", "a.2"},
		{"a", "a a.2", "a.3"},
		{"a.2", "a.2", "a.3"},
		{"a.9", "a.9 a.10", "a.11"},
		{"a.b", "a.b", "a.b.2"},
		{"a.1", "a.1", "a.1.2"},
		{"a.-3", "a.-3", "a.-3.2"},
	} {
		taken := strings.Fields(c.taken)
		if got := FreeName(c.name, func(n string) bool { return slices.Contains(taken, n) }); got != c.want {
			t.Errorf("%s with %s taken: got %s, want %s", c.name, c.taken, got, c.want)
		}
	}
}

// Seeing the same again changes nothing; stronger evidence, or another standing,
// does.
func TestObserve(t *testing.T) {
	t.Parallel()
	m, err := started(standard(), shaped([]int{0, 0}), Selection{}, 100, testStart())
	if err != nil {
		t.Fatal(err)
	}
	later := testStart().Add(time.Hour)
	once, err := Attest(m, Attestation{Hosts: []string{"host-0"}}, testStart())
	if err != nil {
		t.Fatal(err)
	}
	again, err := Attest(once, Attestation{}, later)
	if err != nil || len(again.Rotation.Observed) != 2 || !again.Rotation.Observed[0].At.Equal(testStart()) {
		t.Errorf("attested again: %+v, %v", again.Rotation.Observed, err)
	}
	read := Observe(once, []lattice.Observation{{Standing: m.Standings()[0], Evidence: lattice.Read, At: later}})
	if o := read.Rotation.Observed[0]; o.Evidence != lattice.Read || !o.At.Equal(later) {
		t.Errorf("read after attested: %+v", o)
	}
	before := m.Clone()
	before.Rotation.Generation = 7
	before.Rotation.Observed = []lattice.Observation{{Standing: m.Standings()[0], Generation: 6, Evidence: lattice.Observed, At: testStart()}}
	before = Observe(before, []lattice.Observation{{Standing: m.Standings()[0], Generation: 7, Evidence: lattice.Observed, At: later}})
	if o := before.Rotation.Observed[0]; !o.At.Equal(later) {
		t.Errorf("it stood alike before the phase, and has restarted since: %+v", o)
	}
	if weaker, _ := Attest(read, Attestation{Hosts: []string{"host-0"}}, later); weaker.Rotation.Observed[0].Evidence != lattice.Read {
		t.Error("a word counts for more than what was read")
	}
	if len(once.Rotation.Observed) != 1 || m.Rotation.Observed != nil {
		t.Error("a manifest given was changed")
	}
	if _, err := Attest(m, Attestation{Hosts: []string{"nobody"}}, later); !fault.Is(err, fault.NotFound) {
		t.Errorf("attest nobody: %v", err)
	}
	if gone := Ignore(once, []string{"host-0"}); len(gone.Rotation.Observed) != 0 {
		t.Error("an ignored host is still known")
	}
	if idle := Observe(shaped([]int{0}), seenAs(m.Standings(), later)); idle.Rotation != nil {
		t.Error("something is taken down without a rotation")
	}
}

func TestEmergency(t *testing.T) {
	t.Parallel()
	m := shaped([]int{0, 0, 1})
	lost, other := m.Issuers[0], m.Issuers[1]
	if _, needed := NeedsKey(m, lost.PublicKey); !needed {
		t.Error("hosts are left without a key")
	}
	fresh := testIssuer("key-0.2", 50)
	after, err := Emergency(m, lost.PublicKey, fresh, testStart())
	if err != nil {
		t.Fatal(err)
	}
	if accepted := after.Accepted(); accepted.Contains(lost.PublicKey) || !accepted.Contains(fresh.PublicKey) || !accepted.Contains(other.PublicKey) {
		t.Errorf("accepted are %v", accepted)
	}
	if after.Hosts[0].SignsWith != "key-0.2" || after.Hosts[2].SignsWith != "key-1" || after.Rotation.Phase != lattice.PhaseRetire {
		t.Errorf("got %+v", after)
	}
	if _, err := Abort(after, testStart()); !fault.Is(err, fault.Refused) {
		t.Errorf("abort: %v", err)
	}
	if _, err := Emergency(after, other.PublicKey, lost, testStart()); !fault.Is(err, fault.Refused) {
		t.Errorf("the lost key takes over: %v", err)
	}
	unknown := testIssuer("", 77).PublicKey
	if denied, err := Emergency(m, unknown, lattice.Issuer{}, testStart()); err != nil || denied.Rotation != nil || len(denied.Denied) != 1 {
		t.Errorf("a key that is no issuer: %+v, %v", denied, err)
	}
}

// An emergency in phase introduce: what not every host accepts yet is no issuer
// any more, unless it takes the lost key's place.
func TestEmergencyWhileIntroducing(t *testing.T) {
	t.Parallel()
	m, err := started(standard(), shaped([]int{0, 1}), Selection{}, 100, testStart())
	if err != nil {
		t.Fatal(err)
	}
	after, err := Emergency(m, m.Issuers[0].PublicKey, lattice.Issuer{}, testStart())
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, is := range after.Issuers {
		names = append(names, is.Name)
	}
	if !slices.Equal(names, []string{"key-1", "key-0.2"}) || len(after.Rotation.Retired) != 2 || after.Hosts[0].SignsWith != "key-0.2" {
		t.Errorf("issuers %v, retired %v, hosts %v", names, after.Rotation.Retired, after.Hosts)
	}
	lastOne := m.Clone()
	lastOne.Hosts, lastOne.Issuers = nil, []lattice.Issuer{m.Issuers[0], m.Issuers[2]}
	if after, err := Emergency(lastOne, m.Issuers[0].PublicKey, lattice.Issuer{}, testStart()); err != nil || len(after.Issuers) != 1 {
		t.Errorf("the last issuer: %v, %v", after.Issuers, err)
	}
}

func TestHeld(t *testing.T) {
	t.Parallel()
	seed, err := keys.Generate(keys.Cluster, strings.NewReader(strings.Repeat("x", 32)))
	if err != nil {
		t.Fatal(err)
	}
	text := seed.Reveal()
	wanted := keys.Issuers{seed.PublicKey()}
	for name, file := range map[string]string{
		"json": `{"cluster_seed":"` + string(text) + `"}`, "alone": string(text), "glued": "SCSC" + string(text) + "SC", "twice": string(text) + "\n" + string(text),
	} {
		if got := Held([]byte(file), wanted); !slices.Equal(got, wanted) {
			t.Errorf("%s: found %v", name, got)
		}
	}
	for name, file := range map[string]string{"cut": string(text[:57]), "damaged": "SCA" + string(text[4:]), "nothing": "", "public": seed.PublicKey().String()} {
		if got := Held([]byte(file), wanted); len(got) != 0 {
			t.Errorf("%s: found %v", name, got)
		}
	}
	if got := Held(text, nil); len(got) != 0 {
		t.Errorf("a key nobody asked for: %v", got)
	}
}

func TestStatusOf(t *testing.T) {
	t.Parallel()
	m, err := started(standard(), shaped([]int{0, 0, 0}), Selection{}, 100, testStart())
	if err != nil {
		t.Fatal(err)
	}
	seen := seenAs(m.Standings()[:2], testStart())
	seen[1].Accepts = seen[1].Accepts[:1]
	seen = append(seen, lattice.Observation{Standing: lattice.Standing{Host: "visitor"}, Evidence: lattice.Observed, At: testStart()})
	s, err := StatusOf(m, seen, testStart())
	if err != nil {
		t.Fatal(err)
	}
	var reasons []string
	for _, h := range s.Hosts {
		reasons = append(reasons, h.InWay)
	}
	want := []string{"", "it does not accept key-0.2", "nothing is known of it since the phase began", "it was seen but is not in the manifest: add it, or stop it"}
	if !slices.Equal(reasons, want) || !s.Hosts[3].Unlisted {
		t.Errorf("got %q, want %q", reasons, want)
	}
	if k := s.Keys[1]; k.Accepted != 1 || !slices.Equal(k.Missing, []string{"host-1"}) || !slices.Equal(k.Unknown, []string{"host-2"}) || k.Signing != 0 || s.Keys[0].Signing != 2 {
		t.Errorf("got %+v", s.Keys)
	}
	if idle, err := StatusOf(shaped([]int{0}), nil, testStart()); err != nil || len(idle.Hosts) != 1 || len(idle.Obstacles) != 0 {
		t.Errorf("a steady lattice: %+v", idle)
	}
}

// That hosts cannot be told of so many keys is known before a rotation begins, and
// one key for all, or fewer keys at a time, still fit.
func TestARotationThatNoEnvFileCarriesDoesNotBegin(t *testing.T) {
	t.Parallel()
	blocks := make([]int, lattice.MostIssuers()/2+1)
	for i := range blocks {
		blocks[i] = i
	}
	m := shaped(blocks)
	free := func(name string) bool { _, ok := m.Issuer(name); return ok }
	_, err := Successions(m, Selection{}, free)
	if !fault.Is(err, fault.Refused) || !strings.Contains(fault.HintOf(err), "--shared") || !strings.Contains(fault.HintOf(err), "--retire") {
		t.Errorf("all keys: %v, %s", err, fault.HintOf(err))
	}
	if all, err := Successions(m, Selection{Shape: Shared}, free); err != nil || len(all) != len(blocks) {
		t.Errorf("one key for all: %v", err)
	}
	var half []string
	for _, is := range m.Issuers[:len(blocks)/2] {
		half = append(half, is.Name)
	}
	if all, err := Successions(m, Selection{Retire: half}, free); err != nil || len(all) != len(half) {
		t.Errorf("a half: %v", err)
	}
	if _, err := Successions(shaped(blocks[:len(blocks)-1]), Selection{}, free); err != nil {
		t.Errorf("one less: %v", err)
	}
}

// A host that keeps its key need not restart for phase switch, which changes nothing for
// it; one that is given another must have, though it stands as it should.
func TestAHostThatKeepsItsKeyNeedNotRestart(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]Selection{"a host": {Hosts: []string{"host-0"}}, "a key": {Retire: []string{"key-0"}}} {
		m := shaped([]int{0, 1, 1})
		m.Generation = 1
		m, err := started(standard(), m, s, 100, testStart())
		if err != nil {
			t.Fatal(err)
		}
		seen := func(generations ...uint64) []lattice.Observation {
			all := seenAs(m.Standings(), testStart())
			for i, g := range generations {
				all[i].Generation = g
			}
			return all
		}
		if _, err := Next(Observe(m, seen(2, 1, 2)), testStart()); len(InTheWay(err)) != 1 {
			t.Errorf("%s: in phase introduce every host gets another file: %v", name, err)
		}
		if m, err = Next(Observe(m, seen(2, 2, 2)), testStart()); err != nil {
			t.Fatal(err)
		}
		_, err = Next(Observe(m, seen(2, 2, 3)), testStart())
		if found := InTheWay(err); len(found) != 1 || found[0].Host != "host-0" {
			t.Errorf("%s: in the way are %v", name, found)
		}
		if _, err := Next(Observe(m, seen(3, 2, 2)), testStart()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
