package lattice

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

func decodeAt(t *testing.T, path, text string) *Document {
	t.Helper()
	d, err := Decode(path, []byte(fill(text)))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// brief is what the tests compare of findings.
func brief(findings []finding.Finding) []string {
	var all []string
	for _, f := range findings {
		all = append(all, fmt.Sprintf("%s:%d:%d %s %s", f.File, f.Line, f.Column, f.Severity, f.Rule))
	}
	return all
}

const published = "CDMTUBVGADIQZFWBUZL7LEF7YHZF6CPSKO3HLOTLBQFY2FHDLZFAMYMD"

func TestCheckAlone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, old, new string
		want           []string
	}{
		{"nothing to say", "", "", nil},
		{"no issuer, no host", uniform(), head, []string{"m:1:1 error no_issuer", "m:1:1 warning no_host"}},
		{"empty lists", uniform(), head + "issuers: []\nhosts: []\n", []string{"m:4:10 error no_issuer", "m:5:8 warning no_host"}},
		{"same key", "KEY1", "KEY0", []string{"m:11:17 error same_key"}},
		{"published key", "KEY1", published, []string{"m:11:17 error published_key"}},
		{"unused issuer", "signs_with: two", "signs_with: one", []string{"m:10:11 warning unused_issuer"}},
		{"target", "rust-0.82", "rust-1.0", []string{"m:4:9 error ignores_keys"}},
		{"host's target", "    signs_with: two\n", "    signs_with: two\n    target: rust-1.0\n", []string{"m:19:13 error ignores_keys"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			found := Check(decodeAt(t, "m", strings.Replace(uniform(), c.old, c.new, 1)))
			if got := brief(found); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
			for _, f := range found {
				if f.Hint == "" || f.Message == "" {
					t.Errorf("no hint: %v", f)
				}
			}
		})
	}
}

// TestApart: lattices of two names may share subjects nevertheless.
func TestApart(t *testing.T) {
	t.Parallel()
	named := func(prefix, target, topic string) *Document {
		text := strings.NewReplacer("prod", prefix, "rust-0.82", target, "KEY0", "KEY2", "KEY1", "KEY3").Replace(uniform())
		if topic != "" {
			text = strings.Replace(text, "    signs_with: two\n", "    signs_with: two\n    env: {WASMCLOUD_CTL_TOPIC_PREFIX: "+topic+"}\n", 1)
		}
		return decodeAt(t, "b", text)
	}
	for _, c := range []struct {
		a, b *Document
		want bool
	}{
		{decodeAt(t, "a", uniform()), named("stage", "rust-0.82", ""), false},
		{decodeAt(t, "a", uniform()), named("stage", "rust-0.82", "acme"), false},
		{decodeAt(t, "a", uniform()), named("stage", "rust-0.82", "wasmbus.ctl.prod"), true},
		{decodeAt(t, "a", uniform()), named("v1", "otp", ""), false},
		{decodeAt(t, "a", strings.Replace(uniform(), "rust-0.82", "rust-1.0", 1)), named("v1", "otp", ""), true},
	} {
		found := Check(c.a, c.b)
		got := slices.ContainsFunc(found, func(f finding.Finding) bool {
			return f.Rule == RuleOverlap && f.Severity == finding.Warning && strings.Contains(f.Hint, "NATS account")
		})
		if got != c.want {
			t.Errorf("%s: got %v, want %t", c.b.manifest.Lattice, brief(found), c.want)
		}
	}
}

func TestCheckTogether(t *testing.T) {
	t.Parallel()
	a := decodeAt(t, "a", uniform())
	b := decodeAt(t, "b", strings.NewReplacer("KEY0", "KEY2", "prod", "test").Replace(uniform()))
	c := decodeAt(t, "c", strings.NewReplacer("KEY0", "KEY2", "KEY1", "KEY3").Replace(uniform()))
	for _, order := range [][]*Document{{a, b, c}, {a, b, c, a, decodeAt(t, "./b", uniform())}} {
		want := []string{"b:7:11 error shared_name", "b:11:17 error shared_key", "c:3:10 warning same_prefix", "c:8:17 error shared_key", "c:10:11 error shared_name"}
		if got := brief(Check(order...)); !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	want := []string{"a:3:10 warning same_prefix", "a:7:11 error shared_name", "a:11:17 error shared_key", "b:8:17 error shared_key", "b:10:11 error shared_name"}
	if got := brief(Check(c, b, a)); !slices.Equal(got, want) {
		t.Errorf("in another order: got %q, want %q", got, want)
	}
	if got := Check(); len(got) > 0 {
		t.Errorf("nothing has findings: %v", got)
	}
}

// A change is refused for what it brings, not for what is there.
func TestCheckChange(t *testing.T) {
	t.Parallel()
	before := mustDecode(t, fill(strings.Replace(uniform(), "KEY1", published, 1)))
	for name, c := range map[string]struct {
		host Host
		want string
	}{
		"sound":            {Host{Name: "new", SignsWith: "one"}, ""},
		"no cluster keys":  {Host{Name: "new", SignsWith: "one", Target: target(t, "rust-1.0")}, "read no cluster keys"},
		"seed without JWT": {Host{Name: "new", SignsWith: "one", NATS: NATS{}.With(wasmcloud.RPC, Connection{Seed: "a"})}, "need both"},
		"only a warning":   {Host{Name: "new", SignsWith: "one", Target: target(t, "otp")}, ""},
	} {
		after, err := addHost(before, c.host)
		if err != nil {
			t.Fatal(err)
		}
		err = CheckChange(before, after)
		if (err == nil) != (c.want == "") || err != nil && (!strings.Contains(err.Error(), c.want) || !fault.Is(err, fault.Refused) || fault.HintOf(err) == "") {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

// TestPublishedKeys: a key whose seed is published is an error, one that is an
// example only a warning; both say where.
func TestPublishedKeys(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]finding.Severity{
		"CB4GF2MDEMYU7QEB4CSJ7NRQ7TVHBKMDRLIA72WTRCBUBVSDYBXAEZJ6": finding.Error,
		"CDKF6OKPOBQKAX57UOXO7SCHURTOZWKWIVPC2HFJTGFXY5VJX44ECEHH": finding.Warning,
	} {
		d, err := Decode("lattice.yaml", []byte("version: 1\nlattice: prod\ntarget: rust-0.82\nissuers:\n  - {name: a, public_key: "+text+"}\nhosts:\n  - {name: web-1, signs_with: a}\n"))
		if err != nil {
			t.Fatal(err)
		}
		findings := Check(d)
		at := slices.IndexFunc(findings, func(f finding.Finding) bool { return f.Rule == RulePublishedKey })
		if at < 0 || findings[at].Severity != want || !strings.Contains(findings[at].Message, "wasmCloud/") {
			t.Errorf("%s: %v", text, findings)
		}
	}
}

func TestFormatAge(t *testing.T) {
	t.Parallel()
	for age, want := range map[time.Duration]string{
		-time.Hour: "0s", 0: "0s", 1900 * time.Millisecond: "1s", 119 * time.Second: "119s", 150 * time.Second: "2m",
		time.Hour: "1h", 90*time.Minute + time.Second: "90m", 3*time.Hour - time.Second: "2h", 47 * time.Hour: "47h", 71 * time.Hour: "2d",
	} {
		if got := FormatAge(age); got != want {
			t.Errorf("%s is %s, want %s", age, got, want)
		}
	}
}
