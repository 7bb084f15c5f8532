package wasmbus_test

import (
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmbus"
)

// scene is a manifest of two hosts and two issuers, with one that is denied and one
// that a rotation has retired.
type scene struct {
	m                             lattice.Manifest
	one, two, denied, retired, no keys.PublicKey
}

func newScene(t *testing.T) scene {
	t.Helper()
	s := scene{one: clusterKey(t), two: clusterKey(t), denied: clusterKey(t), retired: clusterKey(t), no: clusterKey(t)}
	s.m = lattice.Manifest{
		Lattice: "prod", Generation: 7,
		Issuers:  []lattice.Issuer{{Name: "one", PublicKey: s.one}, {Name: "two", PublicKey: s.two}},
		Hosts:    []lattice.Host{{Name: "web-1", SignsWith: "one"}, {Name: "web-2", SignsWith: "two"}},
		Denied:   []lattice.Denial{{PublicKey: s.denied}},
		Rotation: &lattice.Rotation{Retired: []lattice.Issuer{{Name: "old", PublicKey: s.retired}}},
	}
	return s
}

// reply is what web-1 says where it runs as written, in another order.
func (s scene) reply(t *testing.T, edits ...func(*wasmbus.Reply)) wasmbus.Reply {
	t.Helper()
	r := wasmbus.Reply{
		Key: natstest.Key(t, keys.Server).PublicKey(), Lattice: "prod", Version: "0.82.0", Tells: true,
		Labels: map[string]string{"latch_host": "web-1", "latch_generation": "7"}, Signs: s.one, Accepts: keys.Issuers{s.two, s.one},
	}
	for _, edit := range edits {
		edit(&r)
	}
	return r
}

func (s scene) status(t *testing.T, replies ...wasmbus.Reply) wasmbus.Status {
	t.Helper()
	r, err := wasmbus.NewRoster(s.m, nil)
	if err != nil {
		t.Fatal(err)
	}
	return wasmbus.StatusOf(r, wasmbus.Answers{Outcome: wasmbus.Answered, Replies: replies})
}

// Each way in which a host can stand to the manifest has a verdict, which says why.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	generation := func(text string) func(*wasmbus.Reply) {
		return func(r *wasmbus.Reply) { r.Labels["latch_generation"] = text }
	}
	told := func(sum string) func(*wasmbus.Reply) { return func(r *wasmbus.Reply) { r.Labels["latch_told"] = sum } }
	signs := func(key keys.PublicKey) func(*wasmbus.Reply) { return func(r *wasmbus.Reply) { r.Signs = key } }
	accepts := func(all ...keys.PublicKey) func(*wasmbus.Reply) { return func(r *wasmbus.Reply) { r.Accepts = all } }
	other := s.reply(t, signs(s.no), func(r *wasmbus.Reply) { delete(r.Labels, "latch_host") })
	for name, c := range map[string]struct {
		replies []wasmbus.Reply
		verdict wasmbus.Verdict
		why     string
	}{
		"as written, in another order":        {[]wasmbus.Reply{s.reply(t)}, wasmbus.AsWritten, ""},
		"without a generation":                {[]wasmbus.Reply{s.reply(t, generation(""))}, wasmbus.AsWritten, ""},
		"older":                               {[]wasmbus.Reply{s.reply(t, generation("6"), accepts(s.one))}, wasmbus.Older, "it runs with generation 6: it does not accept two"},
		"older, and the same":                 {[]wasmbus.Reply{s.reply(t, generation("6"))}, wasmbus.Older, "it runs with generation 6, and stands as in this one"},
		"older, and told the same":            {[]wasmbus.Reply{s.reply(t, generation("6"), told(s.m.Told()("web-1")))}, wasmbus.AsWritten, ""},
		"older, and told otherwise":           {[]wasmbus.Reply{s.reply(t, generation("6"), told(s.m.Told()("web-2")))}, wasmbus.Older, "it runs with generation 6, and stands as in this one"},
		"older, and runs as another":          {[]wasmbus.Reply{s.reply(t, generation("6"), told(s.m.Told()("web-1")), signs(s.two))}, wasmbus.Older, "it runs with generation 6: it signs with two, not with one"},
		"newer, and told the same":            {[]wasmbus.Reply{s.reply(t, generation("8"), told(s.m.Told()("web-1")))}, wasmbus.Newer, "it runs with generation 8, and the manifest is at 7: the manifest is older"},
		"older, with a key that is gone":      {[]wasmbus.Reply{s.reply(t, generation("6"), signs(s.no))}, wasmbus.Older, "it runs with generation 6: it signs with " + s.no.String() + ", not with one"},
		"newer":                               {[]wasmbus.Reply{s.reply(t, generation("8"))}, wasmbus.Newer, "it runs with generation 8, and the manifest is at 7: the manifest is older"},
		"the key of another host":             {[]wasmbus.Reply{s.reply(t, signs(s.two))}, wasmbus.Differs, "it signs with two, not with one"},
		"a key missing":                       {[]wasmbus.Reply{s.reply(t, accepts(s.one))}, wasmbus.Differs, "it does not accept two"},
		"a retired key":                       {[]wasmbus.Reply{s.reply(t, accepts(s.one, s.two, s.retired))}, wasmbus.Differs, "it still accepts old"},
		"a key of its own":                    {[]wasmbus.Reply{s.reply(t, signs(s.no), accepts(s.one, s.two, s.no))}, wasmbus.AdHocKey, "it signs with " + s.no.String() + ", a key that nothing knows: its seed is missing or mistyped"},
		"a foreign key that another host has": {[]wasmbus.Reply{s.reply(t, signs(s.no)), other}, wasmbus.ForeignKey, "it signs with " + s.no.String() + ", which is no issuer of the manifest"},
		"a foreign key accepted":              {[]wasmbus.Reply{s.reply(t, accepts(s.one, s.two, s.no))}, wasmbus.ForeignKey, "it accepts " + s.no.String() + ", which is no issuer of the manifest"},
		"a denied key accepted":               {[]wasmbus.Reply{s.reply(t, accepts(s.one, s.two, s.denied))}, wasmbus.ForeignKey, "it accepts " + s.denied.String() + ", which is on the deny list"},
		"no key":                              {[]wasmbus.Reply{s.reply(t, func(r *wasmbus.Reply) { r.Odd = []string{`" C"`} })}, wasmbus.ForeignKey, `it has what is no cluster key in the place of one: " C"`},
		"a version that does not say":         {[]wasmbus.Reply{s.reply(t, func(r *wasmbus.Reply) { r.Tells = false })}, wasmbus.NotTold, "its version does not say what it signs with and accepts"},
		"a version without cluster keys":      {[]wasmbus.Reply{s.reply(t, func(r *wasmbus.Reply) { r.Tells, r.Ignores, r.Version = false, true, "1.4.0" })}, wasmbus.KeyBlind, "it runs 1.4.0, which has no cluster keys: nothing keeps its calls from being forged"},
		"no answer":                           {nil, wasmbus.Missing, "it did not answer"},
		"an answer for another lattice":       {[]wasmbus.Reply{s.reply(t, func(r *wasmbus.Reply) { r.Lattice = "eu" })}, wasmbus.Missing, "it did not answer"},
	} {
		row := s.status(t, c.replies...).Rows[0]
		if row.Host != "web-1" || row.Verdict != c.verdict || row.Why != c.why {
			t.Errorf("%s: %s is %s: %s", name, row.Host, row.Verdict, row.Why)
		}
	}
}

// In phase switch a host that keeps its key need not restart: one that runs with the file
// of the phase before is as written, and not if it was to switch.
func TestWhoNeedNotRestart(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.m.Rotation.Phase = lattice.PhaseSwitch
	before := s.reply(t, func(r *wasmbus.Reply) { r.Labels["latch_generation"] = "6" })
	for _, c := range []struct {
		moves   string
		verdict wasmbus.Verdict
	}{{"web-2", wasmbus.AsWritten}, {"web-1", wasmbus.Older}, {"", wasmbus.Older}} {
		s.m.Rotation.Keys = []lattice.Succession{{Old: "old", New: "one", Host: c.moves}}
		if row := s.status(t, before).Rows[0]; row.Verdict != c.verdict {
			t.Errorf("with a new key for %q: %s, %s", c.moves, row.Verdict, row.Why)
		}
	}
}

// Who is in the manifest and is silent has a row, and so has who is not in it and
// answers.
func TestStrangers(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	elsewhere := s.reply(t, func(r *wasmbus.Reply) { r.Lattice = "eu" })
	nameless := s.reply(t, func(r *wasmbus.Reply) { r.Labels = nil })
	status := s.status(t, s.reply(t), elsewhere, nameless)
	if status.Members != 2 || status.Heard != 1 || len(status.Rows) != 4 || len(status.Drift()) != 3 {
		t.Fatalf("%+v", status)
	}
	for i, want := range []string{"it answers here, and says that it is in another lattice", "it signs with one"} {
		if row := status.Rows[2+i]; row.Verdict != wasmbus.NotListed || row.Member || row.Why != want {
			t.Errorf("%+v", row)
		}
	}
}

// What running hosts prove is exactly what they agree on; unknown stays unknown.
func TestObservations(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	at := time.Date(2026, 11, 26, 12, 0, 0, 0, time.UTC)
	observe := func(replies ...wasmbus.Reply) map[string]lattice.Observation {
		found := map[string]lattice.Observation{}
		for _, o := range s.status(t, replies...).Observations(at) {
			if o.Evidence != lattice.Observed || !o.At.Equal(at) {
				t.Errorf("%+v", o)
			}
			found[o.Host] = o
		}
		return found
	}
	replica := s.reply(t, func(r *wasmbus.Reply) { r.Labels["latch_generation"] = "6" })
	unlike := s.reply(t, func(r *wasmbus.Reply) { r.Accepts = keys.Issuers{s.one} })
	mute := s.reply(t, func(r *wasmbus.Reply) { r.Tells = false })
	stranger := s.reply(t, func(r *wasmbus.Reply) { r.Labels["latch_host"] = "web-9" })

	seen := observe(s.reply(t), replica)
	if o := seen["web-1"]; len(seen) != 1 || !o.Certain() || o.Signs != s.one || o.Accepts.String() != s.m.Accepted().String() || o.Generation != 6 {
		t.Errorf("two replicas that agree: %+v", seen)
	}
	if o := observe(s.reply(t), unlike)["web-1"]; !strings.Contains(o.Doubt, "stand differently") {
		t.Errorf("two replicas that differ: %+v", o)
	}
	if seen := observe(mute); len(seen) != 0 {
		t.Errorf("a host that says nothing of keys: %+v", seen)
	}
	if o := observe(stranger)[stranger.Key.String()]; o.Generation != 0 || o.Signs != s.one {
		t.Errorf("a stranger, whose generation is another manifest's: %+v", o)
	}
	r, err := wasmbus.NewRoster(s.m, nil)
	if err != nil {
		t.Fatal(err)
	}
	other := unlike
	other.Key = replica.Key
	conflict := wasmbus.StatusOf(r, wasmbus.Answers{Conflicts: []wasmbus.Conflict{{Key: replica.Key, Replies: []wasmbus.Reply{replica, other}}}})
	if row := conflict.Rows[0]; row.Verdict != wasmbus.Conflicts || row.Reply != nil || len(conflict.Standings()) != 0 {
		t.Errorf("a conflict is merged: %+v", row)
	}
	if seen := conflict.Observations(at); len(seen) != 1 || seen[0].Certain() {
		t.Errorf("a conflict proves something: %+v", seen)
	}
}

// A host without labels is the one that a person says it is.
func TestRosterByKey(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	r := s.reply(t, func(r *wasmbus.Reply) { r.Labels = nil })
	roster, err := wasmbus.NewRoster(s.m, []string{"web-1=" + r.Key.String()})
	if err != nil {
		t.Fatal(err)
	}
	status := wasmbus.StatusOf(roster, wasmbus.Answers{Replies: []wasmbus.Reply{r}})
	if row := status.Rows[0]; row.Host != "web-1" || row.Verdict != wasmbus.AsWritten {
		t.Errorf("%+v", row)
	}
	for _, words := range [][]string{{"web-3=" + r.Key.String()}, {"web-1"}, {"web-1=" + s.one.String()}, {"web-1=" + r.Key.String(), "web-2=" + r.Key.String()}} {
		if _, err := wasmbus.NewRoster(s.m, words); err == nil {
			t.Errorf("%v is taken", words)
		}
	}
}

// A host is asked where the manifest has it listen.
func TestQuestionTopics(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	s.m.Hosts[1].Env = []lattice.Variable{{Name: "WASMCLOUD_CTL_TOPIC_PREFIX", Value: "acme.ctl"}}
	roster, err := wasmbus.NewRoster(s.m, nil)
	if err != nil {
		t.Fatal(err)
	}
	a := ask(t, newBus(t).conn, roster.Question())
	want := "wasmbus.ctl.prod.ping.hosts wasmbus.ctl.v1.prod.host.ping acme.ctl.prod.ping.hosts acme.ctl.v1.prod.host.ping"
	if got := strings.Join(a.Subjects, " "); got != want || a.Outcome != wasmbus.Nobody {
		t.Errorf("asked on %s: %s", got, a.Outcome)
	}
}
