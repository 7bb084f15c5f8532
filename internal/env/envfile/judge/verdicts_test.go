package judge_test

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/env/envfile/judge"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// verdict is what real hosts did with some values.
type verdict struct {
	number, what string
	hosts        map[string]string // by target: starts, exits, deaf (starts and hears nothing)
	rules        string
	env          map[string]string
}

// apart are the rows in which the judge differs from the hosts, and why.
func apart() map[string]string {
	const (
		elsewhere = "it depends on the servers and names there are, not on the value"
		unaware   = "the host starts, and does not do what it was told to"
	)
	return map[string]string{
		"0": "the host makes up a key that nobody accepts", "6": unaware + ": it signs with another key", "81": unaware + ": it has another identity",
		"21": unaware + ": one of the issuers matches nothing", "27": unaware + ": none of the issuers matches anything", "29": unaware + ": one of the issuers matches nothing",
		"78": "it does on a server without users, and on no other", "44": elsewhere, "57": elsewhere, "77": elsewhere,
	}
}

func readVerdicts(t *testing.T) []verdict {
	t.Helper()
	text, err := os.ReadFile("testdata/host-verdicts.txt")
	if err != nil {
		t.Fatal(err)
	}
	user, err := keys.Generate(keys.User, strings.NewReader(strings.Repeat("u", 32)))
	if err != nil {
		t.Fatal(err)
	}
	const published = "SCAIYCZTW775GJYX3MVWLURALVC3PULW43PTEKGH72JBMA3A7LOLGLQ2JA" // in the tests of the host
	words := strings.NewReplacer("<SEED>", published, "<USER>", string(user.Reveal()))
	var all []verdict
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		fields := strings.SplitN(strings.TrimSuffix(line, "\n"), " | ", 6)
		v := verdict{number: fields[0], what: fields[1], hosts: map[string]string{"rust-0.82": fields[2], "rust-0.78": fields[3]}, rules: fields[4]}
		if err := json.Unmarshal([]byte(words.Replace(fields[5])), &v.env); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		for _, name := range []string{wasmcloud.Lattice, wasmcloud.LatticePrefix} {
			if _, set := v.env[name]; !set {
				v.env[name] = "bad"
			}
		}
		for _, name := range []string{"WASMCLOUD_RPC_HOST", "WASMCLOUD_CTL_HOST"} {
			if _, set := v.env[name]; !set {
				v.env[name] = "127.0.0.1"
			}
		}
		all = append(all, v)
	}
	return all
}

// TestVerdictsOfRealHosts: what a host exits on is an error, what it starts on is
// none; the rules that find a row stand in it.
func TestVerdictsOfRealHosts(t *testing.T) {
	t.Parallel()
	verdicts, differs := readVerdicts(t), apart()
	if len(verdicts) != 55 {
		t.Errorf("%d rows", len(verdicts))
	}
	for _, v := range verdicts {
		reason, exempt := differs[v.number]
		agrees := true
		for _, name := range []string{"rust-0.82", "rust-0.78"} {
			if v.hosts[name] == "-" {
				continue
			}
			target, err := wasmcloud.ParseTarget(name)
			if err != nil {
				t.Fatal(err)
			}
			h := hostenv.Host{Name: "h", Path: "h.env", Line: 1, ReadBy: "the host", Target: target, Sole: true}
			for name, value := range v.env {
				h.Add(name, 1, 1, []byte(value))
			}
			var errors, rules []string
			for _, f := range judge.Check([]hostenv.Host{h}, judge.Options{}) {
				if !slices.Contains(rules, string(f.Rule)) && f.Rule != lattice.RulePublishedKey && f.Rule != judge.RuleUnread {
					rules = append(rules, string(f.Rule))
				}
				if f.Severity == finding.Error && f.Rule != lattice.RulePublishedKey {
					errors = append(errors, f.String())
				}
			}
			slices.Sort(rules)
			if name == "rust-0.82" && strings.Join(rules, " ") != strings.TrimSpace(v.rules) {
				t.Errorf("%s, %s: found by %q, the row says %q", v.number, v.what, strings.Join(rules, " "), v.rules)
			}
			if same := (v.hosts[name] == "starts") == (len(errors) == 0); !same {
				agrees = false
				if !exempt {
					t.Errorf("%s, %s: a real %s %s, the judge has %q", v.number, v.what, name, v.hosts[name], errors)
				}
			}
		}
		if exempt && agrees {
			t.Errorf("%s, %s, agrees after all: %s", v.number, v.what, reason)
		}
	}
}
