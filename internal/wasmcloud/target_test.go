package wasmcloud

import (
	"slices"
	"strings"
	"testing"
)

func target(t *testing.T, name string) Target {
	t.Helper()
	found, err := ParseTarget(name)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestParseTarget(t *testing.T) {
	t.Parallel()
	if len(Targets()) < 7 || len(AllTargets()) < 9 {
		t.Errorf("got %v and %v", Targets(), AllTargets())
	}
	for _, want := range AllTargets() {
		got, err := ParseTarget(want.String())
		if err != nil || got != want || got.IgnoresClusterKeys() == slices.Contains(Targets(), want) || got.IsZero() {
			t.Errorf("%s: got %v, %v", want, got, err)
		}
	}
	for _, name := range []string{"", "OTP", "rust-0.77", "rust-0.82 ", "rust", "SCABNLVRXGEJEG5FB"} {
		_, err := ParseTarget(name)
		if err == nil || !strings.Contains(err.Error(), "otp-0.51, otp, rust-0.78, rust-0.79, rust-0.80, rust-0.81, rust-0.82, rust-1.0, rust-1.3") {
			t.Errorf("%q: got %v", name, err)
		}
		if err != nil && strings.Contains(err.Error(), "BNLVRX") {
			t.Errorf("a long name is repeated: %v", err)
		}
	}
}

// TestWhatTargetsAre repeats by hand what the hosts' sources say.
func TestWhatTargetsAre(t *testing.T) {
	t.Parallel()
	type is struct {
		releases                   string
		otp, keys, prov, creds     bool
		number, provNumber, anyone bool
		leaks                      bool
	}
	for name, want := range map[string]is{
		"otp-0.51":  {"OTP 0.51 to 0.59", true, true, true, false, true, true, true, false},
		"otp":       {"OTP 0.50, 0.60 to 0.63", true, true, true, false, false, true, true, false},
		"rust-0.78": {"Rust 0.78", false, true, true, false, false, false, false, false},
		"rust-0.79": {"Rust 0.79", false, true, true, false, false, false, false, true},
		"rust-0.80": {"Rust 0.80", false, true, true, false, false, false, false, false},
		"rust-0.81": {"Rust 0.81", false, true, false, false, false, false, false, false},
		"rust-0.82": {"Rust 0.82", false, true, false, false, false, false, false, false},
		"rust-1.0":  {"Rust 1.0 to 1.2", false, false, false, false, false, false, false, false},
		"rust-1.3":  {"Rust 1.3 and later", false, false, false, true, false, false, false, false},
	} {
		at := target(t, name)
		got := is{
			at.Releases(), at.IsOTP(), !at.IgnoresClusterKeys(), at.ReadsProviderRPC(), at.ReadsCredsFiles(),
			at.ReadsSwitchAsNumber(RPC), at.ReadsSwitchAsNumber(ProviderRPC), at.TakesAnySeed(), at.PublishesHostSeed(),
		}
		if got != want {
			t.Errorf("%s: got %+v, want %+v", name, got, want)
		}
	}
	if none := (Target{}); none.IgnoresClusterKeys() || none.IsOTP() || none.String() != "" {
		t.Error("no target is something")
	}
}

// TestTargetsAgreeWithVariables: what a target is said to read, its releases read.
func TestTargetsAgreeWithVariables(t *testing.T) {
	t.Parallel()
	registry := NewRegistry()
	for _, at := range AllTargets() {
		for name, said := range map[string]bool{
			ClusterSeed: !at.IgnoresClusterKeys(), ClusterIssuers: !at.IgnoresClusterKeys(),
			ProviderRPC.Variables().Host: at.ReadsProviderRPC(), RPC.Variables().Creds: at.ReadsCredsFiles(),
		} {
			if v, known := registry.Lookup(name); !known || v.releases(at).covers(at.releases()) != said {
				t.Errorf("every host of %s reads %s, or not: said to be %t", at, name, said)
			}
		}
	}
}

// TestTargetsCoverEveryRelease: each release has one target.
func TestTargetsCoverEveryRelease(t *testing.T) {
	t.Parallel()
	for _, release := range []version{{0, 50, 0}, {0, 50, 2}, {0, 51, 0}, {0, 59, 9}, {0, 60, 0}, {0, 63, 2}, {0, 78, 0}, {0, 79, 1}, {0, 80, 0}, {0, 81, 0}, {0, 82, 0}, {1, 0, 0}, {1, 2, 1}, {1, 3, 0}, {1, 9, 2}} {
		count := 0
		for _, at := range AllTargets() {
			if at.releases().overlap(spans{{release, release}}) {
				count++
			}
		}
		if count != 1 {
			t.Errorf("%v is of %d targets", release, count)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	streams := func(name string) string {
		var names []string
		for _, s := range target(t, name).Stores("prod") {
			names = append(names, s.Stream)
		}
		return strings.Join(names, " ")
	}
	for name, want := range map[string][2]string{
		"otp-0.51":  {"LATTICECACHE_prod OBJ_prod", "wasmbus.ctl.prod.ping.hosts"},
		"otp":       {"LATTICECACHE_prod KV_LATTICEDATA_prod OBJ_prod", "wasmbus.ctl.prod.ping.hosts"},
		"rust-0.80": {"KV_LATTICEDATA_prod OBJ_prod", "wasmbus.ctl.prod.ping.hosts"},
		"rust-0.82": {"KV_LATTICEDATA_prod KV_CONFIGDATA_prod OBJ_prod", "wasmbus.ctl.prod.ping.hosts"},
		"rust-1.3":  {"KV_LATTICEDATA_prod KV_CONFIGDATA_prod OBJ_prod", "wasmbus.ctl.v1.prod.host.ping"},
	} {
		if got := [2]string{streams(name), target(t, name).PingSubject("prod", "")}; got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	var all []string
	for _, s := range AllStores("prod") {
		all = append(all, s.Stream)
	}
	if got := strings.Join(all, " "); got != "LATTICECACHE_prod KV_LATTICEDATA_prod KV_CONFIGDATA_prod OBJ_prod" {
		t.Errorf("all stores: %s", got)
	}
	if got := target(t, "rust-0.82").PingSubject("prod", "acme.ctl"); got != "acme.ctl.prod.ping.hosts" {
		t.Errorf("another topic prefix: %s", got)
	}
}

// covers reports whether every release of the other rows is in these.
func (s spans) covers(other spans) bool {
	for _, b := range other {
		covered := false
		for _, a := range s {
			covered = covered || a.first.compare(b.first) <= 0 && a.ends(b)
		}
		if !covered {
			return false
		}
	}
	return true
}

// ends reports whether the row ends no sooner than the other.
func (s span) ends(other span) bool {
	return s.last == version{} || other.last != version{} && s.last.compare(other.last) >= 0
}

// A running host says its release, not its target.
func TestTargetOfRelease(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"0.50.2": "otp", "0.51.0": "otp-0.51", "0.59.0": "otp-0.51", "0.60.0": "otp", "0.63.2": "otp", "0.78.0": "rust-0.78", "0.79.1": "rust-0.79",
		"0.82.0": "rust-0.82", "1.0.0-rc.1": "rust-1.0", "1.2.9": "rust-1.0", "1.9.2": "rust-1.3", "2.0.0": "rust-1.3",
		"0.70.0": "", "": "", "0.82": "", "latest": "", "-1.0.0": "",
	} {
		got, known := TargetOfRelease(text)
		if got.String() != want || known != (want != "") {
			t.Errorf("%q: got %s, %t", text, got, known)
		}
	}
}
