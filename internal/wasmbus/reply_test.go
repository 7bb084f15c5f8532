package wasmbus

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmbus/wasmbustest"
)

func newKey(t testing.TB, kind keys.Kind) keys.PublicKey {
	t.Helper()
	seed, err := keys.Generate(kind, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	defer seed.Wipe()
	return seed.PublicKey()
}

// recorded are replies of real hosts, by phase.
func recorded(t testing.TB) map[string][]json.RawMessage {
	t.Helper()
	text, err := os.ReadFile("testdata/ping-replies.json")
	if err != nil {
		t.Fatal(err)
	}
	var sets map[string]json.RawMessage
	if err := json.Unmarshal(text, &sets); err != nil {
		t.Fatal(err)
	}
	found := map[string][]json.RawMessage{}
	for name, set := range sets {
		var phases []struct {
			Phase   string
			Replies []json.RawMessage
		}
		var replies []json.RawMessage
		if err := json.Unmarshal(set, &phases); err == nil && phases[0].Replies != nil {
			for _, p := range phases {
				found[p.Phase] = p.Replies
			}
		} else if err := json.Unmarshal(set, &replies); err == nil {
			found[name] = replies
		}
	}
	if len(found) < 10 {
		t.Fatalf("only %d phases were recorded", len(found))
	}
	return found
}

// What real hosts answered through a whole rotation is read in full.
func TestRecordedReplies(t *testing.T) {
	t.Parallel()
	p := newParser()
	for phase, replies := range recorded(t) {
		for _, text := range replies {
			r, err := p.parse(text)
			if err != nil {
				t.Fatalf("%s: %v", phase, err)
			}
			var raw map[string]any
			if err := json.Unmarshal(text, &raw); err != nil {
				t.Fatal(err)
			}
			if r.Key.String() != raw["id"] || r.Signs.String() != raw["issuer"] || r.Accepts.String() != raw["cluster_issuers"] ||
				r.Lattice != raw["lattice_prefix"] || r.Version != raw["version"] || !r.Tells || r.Ignores || len(r.Odd) > 0 ||
				r.Generation() == 0 || r.Uptime < time.Second {
				t.Errorf("%s: %s is read as %+v", phase, text, r)
			}
		}
	}
}

// The simulated hosts answer what the real ones did, member by member.
func TestSimulatedReplyIsTheRecordedOne(t *testing.T) {
	t.Parallel()
	for phase, replies := range recorded(t) {
		for _, text := range replies {
			var was map[string]any
			if err := json.Unmarshal(text, &was); err != nil {
				t.Fatal(err)
			}
			labels := map[string]string{}
			for name, value := range was["labels"].(map[string]any) {
				if strings.HasPrefix(name, "latch_") {
					labels[name] = value.(string)
				}
			}
			h := wasmbustest.Host{
				Version: was["version"].(string), Key: was["id"].(string), Lattice: was["lattice_prefix"].(string), Labels: labels,
				Nick: was["friendly_name"].(string), Server: strings.TrimPrefix(was["ctl_host"].(string), "nats://"),
				Uptime: time.Duration(was["uptime_seconds"].(float64) * float64(time.Second)),
				Signs:  was["issuer"].(string), Accepts: was["cluster_issuers"].(string),
			}
			var is map[string]any
			if err := json.Unmarshal(h.Reply(), &is); err != nil {
				t.Fatal(err)
			}
			for name := range is {
				if _, there := was[name]; !there {
					t.Errorf("%s: only the simulated host says %s", phase, name)
				}
			}
			for name, value := range was {
				if got, there := is[name]; !there || fmt.Sprint(got) != fmt.Sprint(value) {
					t.Errorf("%s: %s is %v, and the real host says %v", phase, name, got, value)
				}
			}
		}
	}
}

// Of each version what its hosts say is read, and no more.
func TestReplyOfEachVersion(t *testing.T) {
	t.Parallel()
	own, issuer, other := newKey(t, keys.Server), newKey(t, keys.Cluster), newKey(t, keys.Cluster)
	for _, version := range wasmbustest.Releases() {
		h := wasmbustest.Host{
			Version: version, Key: own.String(), Lattice: "prod", Labels: map[string]string{"latch_host": "web-1", "latch_generation": "7"},
			Uptime: 90 * time.Second, Signs: issuer.String(), Accepts: issuer.String() + "," + other.String(),
		}
		r, err := newParser().parse(h.Reply())
		if err != nil {
			t.Fatalf("%s: %v", version, err)
		}
		old, oneZero := version < "0.55", version == "1.4.0"
		tells := version >= "0.57.2" && !oneZero
		if r.Key != own || r.Uptime != 90*time.Second || r.Tells != tells || r.Ignores != oneZero {
			t.Errorf("%s is read as %+v", version, r)
		}
		if !old && (r.Version != version || r.Lattice != "prod" || r.Generation() != 7 || r.Labels["latch_host"] != "web-1") {
			t.Errorf("%s is read as %+v", version, r)
		}
		if tells != (r.Signs == issuer) || (!old && !oneZero) != slices.Equal(r.Accepts, keys.Issuers{issuer, other}) {
			t.Errorf("%s: signs with %s, accepts %s", version, r.Signs, r.Accepts)
		}
	}
}

// What is no reply of a host is refused, and the reason repeats nothing of it.
func TestMalformedReplies(t *testing.T) {
	t.Parallel()
	good := string(wasmbustest.Host{Version: "0.82.0", Key: newKey(t, keys.Server).String(), Lattice: "prod"}.Reply())
	with := func(name, value string) string { return `{"` + name + `":` + value + "," + good[1:] }

	for reason, text := range map[string]string{
		"it is larger than any host's":              with("note", `"`+strings.Repeat("x", 1<<20)+`"`),
		"it is nested deeper than 8":                with("note", strings.Repeat("[", 100_000)+strings.Repeat("]", 100_000)),
		"it has more than 4096 members":             with("note", "["+strings.Repeat("1,", 10_000)+"1]"),
		"it is no text in UTF-8":                    good + "\xff",
		"it is no JSON document":                    good[:len(good)-1],
		"something stands behind the JSON document": good + good,
		"it is no JSON object":                      `["id"]`,
		"it says one thing twice":                   with("id", `"N"`),
		"its id is no host key":                     strings.Replace(good, `"id":`, `"ix":`, 1),
		"its labels is of another type":             strings.Replace(good, `"labels":{`, `"labels":{"x":1,`, 1),
		"its uptime is no time":                     strings.Replace(good, `"uptime_seconds":0`, `"uptime_seconds":-1`, 1),
		"its cluster_issuers is of another type":    strings.Replace(good, `"cluster_issuers":""`, `"cluster_issuers":[]`, 1),
		"it accepts more than 4096 issuers":         strings.Replace(good, `"cluster_issuers":""`, `"cluster_issuers":"`+strings.Repeat("CABC,", 10_000)+`"`, 1),
		"a name in it is longer than any host's":    strings.Replace(good, `"version":"0.82.0"`, `"version":"`+strings.Repeat("9", 300)+`"`, 1),
		"a name in it is no plain text":             strings.Replace(good, `"version":"0.82.0"`, `"version":"0.82.0\nweb-1 as-written"`, 1),
		"the host says that it failed":              `{"success":false,"message":"no","response":` + good + `}`,
		"there is no response in it":                `{"success":true,"message":"no"}`,
	} {
		if _, err := newParser().parse([]byte(text)); err == nil || err.Error() != reason {
			t.Errorf("want %q, got %v", reason, err)
		}
	}
	if _, err := newParser().parse([]byte(good)); err != nil {
		t.Error(err)
	}
}

// A host compares issuers as texts: what is not exactly a key is said, and accepts
// nothing.
func TestOddIssuers(t *testing.T) {
	t.Parallel()
	issuer, blank := newKey(t, keys.Cluster), newKey(t, keys.Cluster)
	h := wasmbustest.Host{
		Version: "0.82.0", Key: newKey(t, keys.Server).String(), Lattice: "prod",
		Signs: "UABC", Accepts: issuer.String() + ", " + blank.String() + "," + issuer.String() + ",",
	}
	r, err := newParser().parse(h.Reply())
	if err != nil {
		t.Fatal(err)
	}
	want := []string{`"UABC"`, `" ` + blank.String() + `"`, `""`}
	if !r.Signs.IsZero() || !slices.Equal(r.Accepts, keys.Issuers{issuer}) || !slices.Equal(r.Odd, want) {
		t.Errorf("%+v", r)
	}
}

// A seed that a host shows in the place of an issuer is not shown again.
func TestOddIssuerMayBeASeed(t *testing.T) {
	t.Parallel()
	seed, err := keys.Generate(keys.Cluster, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	h := wasmbustest.Host{Version: "0.82.0", Key: newKey(t, keys.Server).String(), Signs: string(seed.Reveal()), Accepts: " " + string(seed.Reveal())}
	r, err := newParser().parse(h.Reply())
	if err != nil {
		t.Fatal(err)
	}
	if text := fmt.Sprint(r); len(r.Odd) != 2 || keys.MayHoldSeed(text) {
		t.Errorf("a seed is shown, or too little is: %d odd entries", len(r.Odd))
	}
}

// Whatever is answered, reading it ends, and what is read is within bounds.
func FuzzReply(f *testing.F) {
	for _, replies := range recorded(f) {
		for _, text := range replies {
			f.Add([]byte(text))
		}
	}
	for _, version := range wasmbustest.Releases() {
		f.Add(wasmbustest.Host{Version: version, Key: newKey(f, keys.Server).String(), Lattice: "prod", Accepts: "C,,x"}.Reply())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := newParser().parse(data)
		if err != nil {
			if len(err.Error()) > 80 {
				t.Errorf("the reason repeats the reply: %q", err)
			}
			return
		}
		if r.Key.Kind() != keys.Server || len(r.Accepts) > mostIssuers || len(r.Odd) > mostOdd+1 || len(r.Labels) > mostLabels+2 ||
			r.Uptime < 0 || len(r.Version) > longestText {
			t.Errorf("out of bounds: %+v", r)
		}
	})
}

// BenchmarkReadMany is what reading and keeping the answers of 5,000 hosts costs.
func BenchmarkReadMany(b *testing.B) {
	cluster := newKey(b, keys.Cluster).String()
	answers := make([][]byte, 5000)
	for i := range answers {
		h := wasmbustest.Host{
			Version: "0.82.0", Key: newKey(b, keys.Server).String(), Lattice: "prod", Signs: cluster, Accepts: cluster, Server: "10.0.0.5:4222",
			Labels: map[string]string{"latch_host": fmt.Sprint("host-", i), "latch_generation": "7"}, Nick: "long-glitter-9453",
		}
		answers[i] = h.Reply()
	}
	b.ReportAllocs()
	for b.Loop() {
		g := newGathering(Question{Lattice: "prod"})
		for _, text := range answers {
			g.take(text)
		}
		if len(g.replies) != len(answers) {
			b.Fatalf("%d of %d", len(g.replies), len(answers))
		}
	}
}
