package rotation

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

// walkThrough gives the manifest in every phase of a rotation of all keys, each
// phase left by what the hosts were seen with.
func walkThrough(t *testing.T, blocks []int, how lattice.Evidence) []lattice.Manifest {
	t.Helper()
	m, err := started(standard(), shaped(blocks), Selection{}, 100, testStart())
	if err != nil {
		t.Fatal(err)
	}
	all := []lattice.Manifest{shaped(blocks), m}
	for m.Rotation != nil {
		seen := seenAs(m.Standings(), testStart())
		for i := range seen {
			seen[i].Evidence = how
		}
		all[len(all)-1] = Observe(m, seen)
		if m, err = Next(all[len(all)-1], testStart().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
	return all
}

func TestStepBetween(t *testing.T) {
	t.Parallel()
	all := walkThrough(t, []int{0, 0}, lattice.Observed)
	var got []string
	for i := range all[1:] {
		s := StepBetween(all[i], all[i+1], Guide{Flags: []string{"-m", "a b.yaml"}, Deployed: []string{"on"}})
		got = append(got, fmt.Sprintf("%s>%s deploy %v delete %v next %s", s.From, s.To, s.Deploy, s.Deletable, Lines(s.Acts)))
		if !s.Changed || s.Kept != "" || s.Restarts != nil || len(s.Keys) != 1 {
			t.Errorf("step %d: %+v", i, s)
		}
	}
	const now = " next latch env write -m 'a b.yaml'\ncopy the env file to the host, and restart the host with its providers: host-0, host-1\n" +
		"latch issuers rotate next -m 'a b.yaml' --deployed on"
	want := []string{
		"steady>introduce deploy [host-0 host-1] delete []" + now,
		"introduce>switch deploy [host-0 host-1] delete []" + now,
		"switch>retire deploy [host-0 host-1] delete []" + now,
		"retire>steady deploy [] delete [key-0] next ",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if s := StepBetween(all[0], all[0], Guide{}); s.Changed || len(s.Instructions(false)) != 0 {
		t.Errorf("no step: %+v", s)
	}
}

// What was only attested keeps the old seed, and says why; the way back from
// phase introduce leaves the new one without a use.
func TestDeletable(t *testing.T) {
	t.Parallel()
	all := walkThrough(t, []int{0}, lattice.Attested)
	last := StepBetween(all[len(all)-2], all[len(all)-1], Guide{})
	if len(last.Deletable) != 0 || !strings.Contains(last.Kept, "host-0") {
		t.Errorf("attested to the end: %+v", last)
	}
	back, err := Abort(all[1], testStart())
	if err != nil {
		t.Fatal(err)
	}
	if s := StepBetween(all[1], back, Guide{}); !slices.Equal(s.Deletable, []string{"key-0.2"}) || s.Kept != "" {
		t.Errorf("aborted in phase introduce: %+v", s)
	}
}

func TestInstructions(t *testing.T) {
	t.Parallel()
	many := make([]string, mostShown+5)
	for i := range many {
		many[i] = "h"
	}
	deploy := func(hosts ...string) []Act {
		return []Act{{Do: Write, Command: "latch w"}, {Do: Copy, Hosts: hosts}, {Do: RestartHosts, Hosts: hosts}}
	}
	goOn := Act{Do: GoOn, Command: "latch x"}
	for name, c := range map[string]struct {
		step Step
		held bool
		want []string // how the sentences begin
	}{
		"steady":    {Step{To: Steady}, false, nil},
		"a deploy":  {Step{To: "switch", Acts: append(deploy("a", "b"), goOn)}, false, []string{"Now: latch w\ncopy the env file to the host, and restart the host with its providers: a, b", "Restart the hosts in any order", "Providers", "Then: latch x"}},
		"by word":   {Step{To: "switch", Acts: []Act{{Do: AttestHosts, Command: "latch y"}}}, false, []string{"Then: latch y", "Where latch can ask"}},
		"in order":  {Step{To: "retire", Acts: append(deploy("a"), goOn), Restarts: []Restart{{"a", 0}}}, true, []string{"Now: ", "Restart the hosts in the order above.", "Providers", "Give the other holders", "Then:"}},
		"kept":      {Step{To: Steady, Kept: "The old seeds are kept"}, false, []string{"The old seeds are kept"}},
		"very many": {Step{To: Steady, Acts: deploy(many...)}, false, []string{"Now: latch w\ncopy the env file to the host, and restart the host with its providers: " + strings.Repeat("h, ", mostShown-1) + "h and 5 more hosts", "Restart", "Providers"}},
	} {
		got := c.step.Instructions(c.held)
		fits := len(got) == len(c.want)
		for i := range min(len(got), len(c.want)) {
			fits = fits && strings.HasPrefix(got[i], c.want[i])
		}
		if !fits {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

func TestLeaving(t *testing.T) {
	t.Parallel()
	all := walkThrough(t, []int{0, 0}, lattice.Observed)
	old := keys.Issuers{all[0].Issuers[0].PublicKey}
	for i, want := range []keys.Issuers{nil, old, old, old} {
		if got := Leaving(all[i], all[i+1]); !reflect.DeepEqual(got, want) {
			t.Errorf("step %d: %v, want %v", i, got, want)
		}
	}
	if got := Leaving(all[0], all[0]); got != nil {
		t.Errorf("steady: %v", got)
	}
}

// A host runs as it was seen last, or else as the manifest has it.
func TestRunning(t *testing.T) {
	t.Parallel()
	all := walkThrough(t, []int{0, 0}, lattice.Observed)
	m := all[2] // switch, before any host has restarted
	m = Ignore(m, []string{"host-0"})
	m.Rotation.Observed[0].Signs = all[0].Issuers[0].PublicKey
	got := Running(m)
	if got[0].Signs != m.Issuers[1].PublicKey || got[1].Signs != all[0].Issuers[0].PublicKey {
		t.Errorf("got %v", got)
	}
	if steady := Running(all[0]); len(steady) != 2 {
		t.Errorf("steady: %v", steady)
	}
}

func TestCompromisedKey(t *testing.T) {
	t.Parallel()
	all := walkThrough(t, []int{0}, lattice.Observed)
	old := all[0].Issuers[0].PublicKey
	for name, m := range map[string]lattice.Manifest{"issuer": all[0], "retired": all[3]} {
		for _, text := range []string{"key-0", old.String()} {
			if got, err := CompromisedKey(m, text); err != nil || got != old {
				t.Errorf("%s by %s: %v, %v", name, text, got, err)
			}
		}
	}
	for text, says := range map[string]string{"key-9": "no issuer is named", "CAAA": "no issuer is named", old.String()[:55] + "!": "neither an issuer"} {
		if _, err := CompromisedKey(all[0], text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", text, err)
		}
	}
}
