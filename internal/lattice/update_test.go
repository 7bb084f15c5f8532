package lattice

import (
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/latch-keys/latch/internal/fault"
)

// drawRotation draws a rotation that fits the manifest: a new issuer for one
// that is there, in some phase, with something known of some hosts.
func drawRotation(t *rapid.T, m Manifest) Manifest {
	m = m.Clone()
	old := rapid.SampledFrom(m.Issuers).Draw(t, "old")
	next := Issuer{Name: "the-new.key", PublicKey: testKey(50), Created: testTime}
	if _, there := m.Issuer(next.Name); !there {
		m.Issuers = append(m.Issuers, next)
	}
	r := &Rotation{
		Phase:   rapid.SampledFrom(Phases()).Draw(t, "phase"),
		Started: testTime, Entered: testTime.Add(time.Hour), Generation: rapid.Uint64Range(0, 9).Draw(t, "entered with"),
		Switched: rapid.Bool().Draw(t, "switched"), Aborted: rapid.Bool().Draw(t, "aborted"), Emergency: rapid.Bool().Draw(t, "emergency"),
		Keys: []Succession{{Old: old.Name, New: next.Name}},
	}
	if rapid.Bool().Draw(t, "one host's") {
		r.Keys[0].Host = "the.host"
	}
	if rapid.Bool().Draw(t, "retired") {
		r.Retired = []Issuer{{Name: "gone", PublicKey: testKey(51)}}
	}
	if rapid.Bool().Draw(t, "turned") {
		r.Keys[0].Old, r.Keys[0].New = r.Keys[0].New, r.Keys[0].Old
	}
	for _, s := range m.Standings() {
		if rapid.Bool().Draw(t, "seen") {
			o := Observation{Standing: s, Generation: 3, Evidence: rapid.SampledFrom(Evidences()).Draw(t, "evidence"), At: testTime}
			if rapid.Bool().Draw(t, "keyless") {
				o.Signs, o.Accepts = testKey(0), nil
			}
			r.Observed = append(r.Observed, o)
		}
	}
	if rapid.Bool().Draw(t, "a stranger") {
		r.Observed = append(r.Observed, Observation{Standing: Standing{Host: "the-stranger"}, Evidence: Observed, At: testTime})
	}
	m.Rotation = r
	if rapid.Bool().Draw(t, "denied") && len(m.Denied) == 0 {
		m.Denied = append(m.Denied, Denial{PublicKey: testKey(52), Name: "lost", At: testTime})
	}
	if rapid.Bool().Draw(t, "all sign") {
		for i := range m.Hosts {
			m.Hosts[i].SignsWith = next.Name
		}
	}
	return m
}

// A rotation goes into any layout, changes there, and leaves: every comment
// outside it and every other byte is what it was.
func TestUpdateKeepsWhatItDoesNotChange(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m, d := drawDocument(t)
		at := d
		for range rapid.IntRange(1, 3).Draw(t, "changes") {
			want := drawRotation(t, m)
			if known := at.manifest.Rotation; known != nil {
				slices.SortStableFunc(want.Rotation.Observed, func(a, b Observation) int {
					return placeOf(known, a) - placeOf(known, b)
				})
			}
			after, err := at.Update(want)
			if err != nil {
				t.Fatalf("%v\n%s", err, at.Bytes())
			}
			held(t, d, after)
			want.Denied = after.manifest.Denied // only grows
			want.Generation = after.manifest.Generation
			if !after.manifest.Equal(want) {
				t.Fatalf("got %+v, want %+v\n%s", after.manifest, want, after.Bytes())
			}
			at = after
			m.Denied = after.manifest.Denied
		}
		back, err := at.Update(m)
		if err != nil {
			t.Fatalf("%v\n%s", err, at.Bytes())
		}
		held(t, d, back)
		if len(m.Denied) == 0 && still(back) != still(d) {
			t.Fatalf("before\n%s\n---\nwith the rotation\n%s\n---\nafter it\n%s", d.Bytes(), at.Bytes(), back.Bytes())
		}
	})
}

// placeOf is where a host stands among those observed; new ones come last.
func placeOf(r *Rotation, o Observation) int {
	if i := slices.IndexFunc(r.Observed, func(k Observation) bool { return k.Host == o.Host }); i >= 0 {
		return i
	}
	return len(r.Observed)
}

// What people write into the rotation block stays as long as it does.
func TestUpdateKeepsCommentsInTheRotation(t *testing.T) {
	t.Parallel()
	text := fill(sample) + fill(`rotation: # see the ticket
  phase: introduce # started on Monday
  started: 2026-11-21T20:55:00Z
  entered: 2026-11-21T20:55:00Z
  generation: 7
  keys:
    # the leaked one
    - old: one # bad
      new: two
  observed:
    - host: web-1 # Frankfurt
      signs: KEY0
      accepts: "KEY0,KEY1" # both
      generation: 7
      evidence: read
      at: 2026-11-21T20:55:00Z
# the end
`)
	d := mustDecode(t, text)
	m := d.Manifest()
	m.Rotation.Phase, m.Rotation.Switched, m.Rotation.Aborted = PhaseSwitch, true, true
	m.Rotation.Keys[0] = Succession{Old: "two", New: "one"}
	m.Rotation.Observed[0].Evidence = Observed
	m.Rotation.Observed = append(m.Rotation.Observed, Observation{Standing: Standing{Host: "web-2"}, Evidence: Attested, At: testTime})
	after, err := d.Update(m)
	if err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer(
		"phase: introduce", "phase: switch", "old: one #", "old: two #", "new: two", "new: one", "evidence: read", "evidence: observed",
		"      at: 2026-11-21T20:55:00Z\n# the end\n", `      at: 2026-11-21T20:55:00Z
    - host: web-2
      signs: ""
      accepts: ""
      generation: 0
      evidence: attested
      at: 2026-11-21T20:55:00Z
  switched: true
  aborted: true
# the end
`).Replace(text)
	got := string(after.Bytes())
	if lines := strings.Split(want, "\n"); len(lines) != len(strings.Split(got, "\n")) {
		t.Fatalf("got\n%s\nwant\n%s", got, want)
	}
	for _, line := range strings.Split(want, "\n") {
		if !slices.Contains(strings.Split(got, "\n"), line) {
			t.Errorf("the line %q is missing in\n%s", line, got)
		}
	}
	if after.manifest.Generation != 7 {
		t.Error("what no host is told raised the generation")
	}
}

// What is in doubt proves nothing, and is not kept.
func TestUpdateKeepsNoDoubts(t *testing.T) {
	t.Parallel()
	d := mustDecode(t, fill(sample+rotating))
	m := d.Manifest()
	for _, s := range m.Standings() {
		m.Rotation.Observed = append(m.Rotation.Observed, Observation{Standing: s, Evidence: Read, At: testTime, Source: s.Host + ".env"})
	}
	m.Rotation.Observed[1].Doubt = "sh and docker read line 3 differently"
	after, err := d.Update(m)
	if err != nil {
		t.Fatal(err)
	}
	if got := after.Manifest().Rotation.Observed; len(got) != 1 || got[0].Host != "web-1" || len(m.Rotation.Observed) != 2 {
		t.Errorf("got %+v", got)
	}
}

func TestUpdateRefuses(t *testing.T) {
	t.Parallel()
	d := mustDecode(t, fill(sample))
	denied := d.Manifest()
	denied.Denied = []Denial{{PublicKey: testKey(0)}}
	if _, err := d.Update(denied); !fault.Is(err, fault.Refused) {
		t.Errorf("an issuer is denied: %v", err)
	}
	if same, err := d.Update(d.Manifest()); err != nil || same != d {
		t.Errorf("a change of nothing: %v", err)
	}
	other := d.Manifest()
	other.Lattice = "another"
	if _, err := d.Update(other); err == nil {
		t.Error("the prefix was changed")
	}
}
