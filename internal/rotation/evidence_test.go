package rotation

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
)

// introducing is a lattice of two hosts in phase introduce, and how they run once
// they have restarted.
func introducing(t *testing.T) (lattice.Manifest, []lattice.Observation) {
	t.Helper()
	m, err := started(standard(), shaped([]int{0, 0}), Selection{}, 100, testStart())
	if err != nil {
		t.Fatal(err)
	}
	seen := seenAs(m.Standings(), testStart())
	for i := range seen {
		seen[i].Evidence, seen[i].Source = lattice.Read, "hosts/"+seen[i].Host+".env"
	}
	return m, seen
}

// What is in doubt is not known: it holds the phase, and says why. It takes the
// place of what was read before and of a word, not of what a running host said.
func TestDoubtHoldsThePhase(t *testing.T) {
	t.Parallel()
	m, seen := introducing(t)
	doubtful := slices.Clone(seen)
	doubtful[1].Doubt = "readers disagree about line 4"
	word := &Attestation{}
	for name, e := range map[string]Evidence{
		"alone": {Seen: doubtful}, "beside a word": {Seen: doubtful, Word: word},
	} {
		for before, known := range map[string]lattice.Manifest{"nothing": m, "it was read": Observe(m, seen)} {
			known, err := Weigh(known, e, testStart())
			if err != nil {
				t.Fatal(err)
			}
			_, err = Next(known, testStart())
			found := InTheWay(err)
			if len(found) != 1 || found[0].Host != "host-1" || !strings.Contains(found[0].Reason, "readers disagree about line 4") || found[0].need != needsReader || found[0].source != "hosts/host-1.env" {
				t.Errorf("%s, %s before: %v", name, before, err)
			}
		}
	}
	running := seenAs(m.Standings(), testStart())
	if _, err := Next(Observe(Observe(m, running), doubtful), testStart()); err != nil {
		t.Errorf("a file takes the place of a running host: %v", err)
	}
	certain := Observe(Observe(m, doubtful), seen)
	if _, err := Next(certain, testStart()); err != nil {
		t.Errorf("a doubt that was settled: %v", err)
	}
	s, err := StatusOf(shaped([]int{0, 0}), doubtful, testStart())
	if err != nil || s.Hosts[1].Doubt == "" || s.Hosts[1].Seen != nil || s.Hosts[0].Doubt != "" {
		t.Errorf("status: %+v, %v", s.Hosts, err)
	}
}

// A manifest older than what hosts run moves nothing, in whatever phase.
func TestAnOlderManifestIsRefused(t *testing.T) {
	t.Parallel()
	m, seen := introducing(t)
	seen[0].Generation, seen[1].Generation = m.Generation+1, m.Generation+2
	const want = "this manifest is generation 1, host-1 runs generation 3: fetch the newer one"
	for name, err := range map[string]error{
		"weigh":  errorOf(Weigh(m, Evidence{Seen: seen, Ignore: []string{"host-1"}}, testStart())),
		"status": errorOf(StatusOf(m, seen, testStart())),
		"steady": errorOf(Weigh(shaped([]int{0}), Evidence{Seen: seen[1:]}, testStart())),
	} {
		if !fault.Is(err, fault.Refused) || fault.HintOf(err) == "" || err.Error() != want && name != "steady" {
			t.Errorf("%s: %v", name, err)
		}
	}
	seen[0].Generation, seen[1].Generation = m.Generation, 0
	if err := CheckCurrent(m, seen); err != nil {
		t.Errorf("current: %v", err)
	}
}

func errorOf[T any](_ T, err error) error { return err }

func TestTwoSourcesThatDisagree(t *testing.T) {
	t.Parallel()
	m, seen := introducing(t)
	copied := seen[0]
	copied.Source = "other/host-0.env"
	if _, err := Weigh(m, Evidence{Seen: append(slices.Clone(seen), copied)}, testStart()); err != nil {
		t.Errorf("two that agree: %v", err)
	}
	copied.Accepts = nil
	_, err := Weigh(m, Evidence{Seen: append(slices.Clone(seen), copied)}, testStart())
	if err == nil || err.Error() != "hosts/host-0.env and other/host-0.env tell the host host-0 different things" {
		t.Errorf("two that disagree: %v", err)
	}
}

// A word is about the generation that the operator saw, and about no other.
func TestAWordIsBoundToItsGeneration(t *testing.T) {
	t.Parallel()
	m, _ := introducing(t)
	m.Generation = 7
	for name, c := range map[string]struct {
		words []string
		kind  fault.Kind // Failed: it counts
		hosts int
	}{
		"all":               {[]string{"all"}, fault.Failed, 2},
		"all, bound":        {[]string{"all@7"}, fault.Failed, 2},
		"one, bound":        {[]string{"host-0@7"}, fault.Failed, 1},
		"both, bound":       {[]string{"host-0@7", "host-1@7"}, fault.Failed, 2},
		"an older one":      {[]string{"all@6"}, fault.Refused, 0},
		"a newer one":       {[]string{"host-0@9"}, fault.Refused, 0},
		"two generations":   {[]string{"host-0@1", "host-1"}, fault.Usage, 0},
		"no generation":     {[]string{"all@x"}, fault.Usage, 0},
		"generation zero":   {[]string{"all@0"}, fault.Usage, 0},
		"all and one":       {[]string{"all@7", "host-1@7"}, fault.Usage, 0},
		"an unknown host":   {[]string{"host-9@7"}, fault.NotFound, 0},
		"one twice, and it": {[]string{"host-0", "host-0"}, fault.Failed, 1},
	} {
		word, err := ParseAttestation(c.words)
		var known lattice.Manifest
		if err == nil {
			known, err = Weigh(m, Evidence{Word: &word}, testStart().Add(time.Minute))
		}
		if c.kind == fault.Failed {
			if err != nil || len(known.Rotation.Observed) != c.hosts {
				t.Errorf("%s: %v", name, err)
			}
		} else if !fault.Is(err, c.kind) {
			t.Errorf("%s: %v, want %v", name, err, c.kind)
		}
	}
}

// Two who abort at once both want back: the second changes nothing, in any phase.
func TestTwoAbortsDoNotUndoEachOther(t *testing.T) {
	t.Parallel()
	all := walkThrough(t, []int{0, 0}, lattice.Observed)
	for _, m := range all[1 : len(all)-1] {
		once, err := Abort(m, testStart())
		if err != nil {
			t.Fatal(err)
		}
		if twice, err := Abort(once, testStart()); err == nil || !twice.Equal(once) {
			t.Errorf("phase %s: a second abort did something: %v", PhaseOf(m), err)
		}
		if once.Rotation == nil {
			continue
		}
		forth, err := UndoAbort(once, testStart())
		if err != nil || forth.Rotation == nil || forth.Rotation.Aborted {
			t.Errorf("phase %s: undo: %v", PhaseOf(m), err)
		}
		if _, err := UndoAbort(forth, testStart()); !fault.Is(err, fault.Refused) {
			t.Errorf("phase %s: undo twice: %v", PhaseOf(m), err)
		}
	}
}

// A running host says more than its file, whichever is looked at first: a file that
// has changed since is not what runs.
func TestLiveCountsForMoreThanAFile(t *testing.T) {
	t.Parallel()
	m, files := introducing(t)
	running := seenAs(shaped([]int{0, 0}).Standings(), testStart()) // as before the rotation
	for name, seen := range map[string][]lattice.Observation{
		"file first": slices.Concat(files, running), "host first": slices.Concat(running, files),
	} {
		known, err := Weigh(m, Evidence{Seen: seen, Word: &Attestation{}}, testStart())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := Next(known, testStart()); len(InTheWay(err)) != 2 {
			t.Errorf("%s: %v", name, err)
		}
	}
	known, err := Weigh(m, Evidence{Seen: slices.Concat(running[:1], files)}, testStart())
	if _, next := Next(known, testStart()); err != nil || len(InTheWay(next)) != 1 {
		t.Errorf("the file of a host that does not answer counts: %v, %v", err, next)
	}
}

// A host that is in doubt although it answers is to be looked at, not attested; one
// that answers and cannot say how it stands is attested.
func TestGuideOfLive(t *testing.T) {
	t.Parallel()
	m, _ := introducing(t)
	running := seenAs(m.Standings(), testStart())
	running[0].Doubt = "two hosts run as host-0 and stand differently"
	g := Guide{Live: []string{"--live", "--nats", "nats://a:4222"}, Untold: map[string]bool{"host-1": true}, Ready: map[string]bool{"host-1": true}}
	known, err := Weigh(m, Evidence{Seen: running[:1]}, testStart())
	if err != nil {
		t.Fatal(err)
	}
	_, err = Next(known, testStart())
	lines := Lines(g.Acts(m, InTheWay(err)))
	want := "latch lattice status --nats nats://a:4222\ncopy the env file to the host, and restart the host with its providers: host-1\n" +
		"latch issuers rotate next --live --nats nats://a:4222 --attest host-1@1"
	if lines != want {
		t.Errorf("got\n%s", lines)
	}
	g.Untold = nil
	if lines := Lines(g.Acts(m, InTheWay(err))); strings.Contains(lines, "--attest") {
		t.Errorf("a silent host is attested:\n%s", lines)
	}
}
