package judge_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/env/envfile/judge"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// told is a host with these variables.
func told(t *testing.T, name, target string, variables ...string) hostenv.Host {
	t.Helper()
	at, err := wasmcloud.ParseTarget(target)
	if err != nil {
		t.Fatal(err)
	}
	h := hostenv.Host{Name: name, Path: name + ".env", Line: 1, ReadBy: "docker", Target: at, Sole: true}
	for i, v := range variables {
		key, value, _ := strings.Cut(v, "=")
		h.Add(key, i+1, 1, []byte(value))
	}
	return h
}

// However many issuers are bad, few are diagnosed, and the rest are counted.
func TestBadIssuersAreCounted(t *testing.T) {
	t.Parallel()
	seed, err := keys.Generate(keys.Cluster, bytes.NewReader(bytes.Repeat([]byte{1}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	bad := make([]string, 20_000)
	for i := range bad {
		bad[i] = fmt.Sprintf("CBAD%052d", i)
	}
	h := told(t, "web-1", "rust-0.82", "WASMCLOUD_LATTICE=prod", "WASMCLOUD_LATTICE_PREFIX=prod", "WASMCLOUD_CLUSTER_SEED="+string(seed.Reveal()), "WASMCLOUD_CLUSTER_ISSUERS="+strings.Join(bad, ","))
	var about []finding.Finding
	for _, f := range judge.Check([]hostenv.Host{h}, judge.Options{}) {
		if f.Rule == judge.RuleIssuer {
			about = append(about, f)
		}
	}
	if len(about) != 11 || !strings.Contains(about[10].Message, "19990 more") {
		t.Errorf("%d findings, the last %v", len(about), about[len(about)-1])
	}
}

// A mistyped seed is judged by the key that hosts make of it: they check no
// checksum. One that is cut short tells its key too.
func TestMistypedSeedsNameTheirKey(t *testing.T) {
	t.Parallel()
	for seed, want := range map[string]string{ // published seeds, spoilt
		"SCAIYCZTW775GJYX3MVWAURALVC3PULW43PTEKGH72JBMA3A7LOLGLQ2JA": "CCERRU4PUIW7NXKDMMNRQNDRCMKTAEP4HEKM4WI2HLLUKC3PA7TOMF3R",
		"SCAIYCZTW775GJYX3MVWLURALVC3PULW43PTEKGH72JBMA3A7LOLGLQ2J":  "CAQQHYABXBPDBZIGDZIT7E73HW66RPCFC3GGLQKSDDTVWUVOYZBYHUND",
	} {
		h := told(t, "web-1", "rust-0.82", "WASMCLOUD_LATTICE=prod", "WASMCLOUD_LATTICE_PREFIX=prod", "WASMCLOUD_CLUSTER_SEED="+seed, "WASMCLOUD_CLUSTER_ISSUERS="+want)
		found := ""
		for _, f := range judge.Check([]hostenv.Host{h}, judge.Options{}) {
			if f.Rule == judge.RuleSeed && f.Severity == finding.Error {
				found += f.Message + " " + f.Hint
			}
		}
		if !strings.Contains(found, want) {
			t.Errorf("%d characters: %q does not name %s", len(seed), found, want)
		}
		if signs := judge.Standing(h).Signs.String(); len(seed) == keys.SeedLength && signs != want {
			t.Errorf("signs with %s, want %s", signs, want)
		}
	}
}

// A host that the others refuse for its mistyped seed is found by the set.
func TestMistypedSeedsAreRefused(t *testing.T) {
	t.Parallel()
	const own, sound = "CAQQHYABXBPDBZIGDZIT7E73HW66RPCFC3GGLQKSDDTVWUVOYZBYHUND", "SCAIYCZTW775GJYX3MVWLURALVC3PULW43PTEKGH72JBMA3A7LOLGLQ2JA"
	rest := []string{"WASMCLOUD_LATTICE=prod", "WASMCLOUD_LATTICE_PREFIX=prod", "WASMCLOUD_CLUSTER_ISSUERS=" + own}
	hosts := []hostenv.Host{
		told(t, "web-1", "rust-0.82", append(rest, "WASMCLOUD_CLUSTER_SEED="+sound)...),
		told(t, "web-2", "rust-0.82", append(rest, "WASMCLOUD_CLUSTER_SEED="+strings.Replace(sound, "MVWL", "MVWA", 1))...),
	}
	for _, f := range judge.Check(hosts, judge.Options{}) {
		if f.Rule == judge.RuleRefused && strings.Contains(f.Message, "web-1 refuses what web-2 signs with CCERRU4P") {
			return
		}
	}
	t.Error("nobody refuses web-2")
}
