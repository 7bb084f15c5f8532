package lattice

import (
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/finding"
)

const rotating = `rotation:
  phase: introduce
  started: 2026-11-21T20:55:00Z
  entered: 2026-11-21T20:55:00Z
  generation: 7
  keys:
    - old: one
      new: two
`

func rotationRefusals() []struct{ name, old, new, want string } {
	return []struct{ name, old, new, want string }{
		{"phase", "phase: introduce", "phase: steady", "none of introduce, switch, retire"},
		{"missing", "  generation: 7\n  keys", "  keys", "generation is missing"},
		{"no such key", "new: two", "new: three", `no issuer is named "three"`},
		{"nothing new", "new: two", "new: one", "cannot take its own place"},
		{"no key", "  keys:\n    - old: one\n      new: two\n", "  keys: []\n", "a rotation of no key"},
		{"two successors", "      new: two\n", "      new: two\n    - old: one\n      new: two\n", "second successor"},
		{"unknown field", "  phase", "  stage: 1\n  phase", "unknown field"},
		{"no flag", "  phase", "  aborted: yes\n  phase", "must be true or false"},
		{"evidence", "      new: two\n", "      new: two\n  observed:\n    - {host: a, signs: \"\", accepts: \"\", generation: 0, evidence: hearsay, at: 2026-11-21T20:55:00Z}\n", "none of attested, read, observed"},
		{"seen twice", "      new: two\n", "      new: two\n  observed:\n" + strings.Repeat("    - {host: a, signs: \"\", accepts: \"\", generation: 0, evidence: read, at: 2026-11-21T20:55:00Z}\n", 2), "speaks of a too"},
		{"bad issuers", "      new: two\n", "      new: two\n  observed:\n    - {host: a, signs: \"\", accepts: \"KEY0,KEY0\", generation: 0, evidence: read, at: 2026-11-21T20:55:00Z}\n", "listed twice"},
		{"denied", "rotation:", "denied: [{public_key: KEY0}]\nrotation:", "on the deny list"},
		{"span", "rotation:", "max_age: 3 weeks\nrotation:", "no span of time"},
	}
}

func TestDecodeRotationRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range rotationRefusals() {
		text := fill(sample + rotating)
		if changed := strings.Replace(text, fill(c.old), fill(c.new), 1); changed == text {
			t.Errorf("%s: the case changes nothing", c.name)
		} else if _, err := Decode("lattice.yaml", []byte(changed)); !isInvalid(err) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

func TestARotationHoldsOthersOff(t *testing.T) {
	t.Parallel()
	d := mustDecode(t, fill(sample+strings.Replace(rotating, "phase: introduce", "phase: switch", 1)+`  observed:
    - {host: web-1, signs: "", accepts: "", generation: 0, evidence: read, at: 2026-11-21T20:55:00Z}
`))
	if _, err := removeIssuer(d, "one"); !fault.Is(err, fault.Refused) {
		t.Errorf("remove an issuer: %v", err)
	}
	if _, err := addHost(d, Host{Name: "new", SignsWith: "one"}); !fault.Is(err, fault.Refused) {
		t.Errorf("add a host with the old key: %v", err)
	}
	if _, err := addHost(d, Host{Name: "new", SignsWith: "two"}); err != nil {
		t.Errorf("add a host with the new key: %v", err)
	}
	without, err := removeHost(d, "web-1")
	if err != nil || len(without.manifest.Rotation.Observed) != 0 {
		t.Errorf("a host that is gone is still observed: %v", err)
	}
}

func TestDeniedKeysStayOut(t *testing.T) {
	t.Parallel()
	d := mustDecode(t, fill(sample)+"denied:\n  - public_key: "+testKey(7).String()+"\n    name: lost\n    at: 2026-11-21T20:55:00Z\n")
	if _, err := addIssuer(d, Issuer{Name: "again", PublicKey: testKey(7)}); !fault.Is(err, fault.Refused) {
		t.Errorf("added again: %v", err)
	}
	m := d.Manifest()
	m.Issuers = append(m.Issuers, Issuer{Name: "again", PublicKey: testKey(7)})
	if _, err := New("new.yaml", m); !fault.Is(err, fault.Refused) {
		t.Errorf("a new manifest: %v", err)
	}
}

func TestCheckRotation(t *testing.T) {
	t.Parallel()
	early := strings.Replace(uniform(), "signs_with: one", "signs_with: two", 1)
	found := Check(mustDecode(t, fill(early+rotating)))
	if len(found) != 2 || found[0].Rule != RuleRotation || found[0].Severity != finding.Error {
		t.Errorf("hosts sign with what is being introduced: %v", found)
	}
	if found := Check(mustDecode(t, fill(strings.Replace(uniform(), "signs_with: two", "signs_with: one", 1)+rotating))); len(found) != 0 {
		t.Errorf("a sound rotation: %v", found)
	}
}

func TestCheckAge(t *testing.T) {
	t.Parallel()
	day := 24 * time.Hour
	aged := mustDecode(t, fill(sample+"max_age: 100d\n"))
	leaving := mustDecode(t, fill(sample+"max_age: 100d\n"+rotating))
	for _, c := range []struct {
		doc  *Document
		days int
		want finding.Severity
	}{
		{aged, 79, ""},
		{aged, 80, finding.Warning},
		{aged, 99, finding.Warning},
		{aged, 100, finding.Error},
		{leaving, 100, finding.Warning},
		{mustDecode(t, fill(sample)), 9999, ""},
	} {
		found := CheckTimes(testTime.Add(time.Duration(c.days)*day), inlineUser, c.doc, c.doc)
		switch {
		case c.want == "" && len(found) == 0:
		case len(found) != 1 || found[0].Severity != c.want || found[0].Rule != RuleMaxAge || found[0].Line != 7:
			t.Errorf("%d days: got %v, want %q", c.days, found, c.want)
		}
	}
}

func TestSpans(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{"90d": 90 * 24 * time.Hour, "36h": 36 * time.Hour, "15m": 15 * time.Minute, "7s": 7 * time.Second} {
		if got, err := ParseSpan(text); err != nil || got != want || FormatSpan(got) != text {
			t.Errorf("%s: got %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "0d", "d", "1", "-1d", "1.5h", "1w", "1d ", "9999999d", "01d"} {
		if got, err := ParseSpan(text); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
}
