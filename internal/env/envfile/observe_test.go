package envfile_test

import (
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/env/envfile"
	"github.com/latch-keys/latch/internal/env/envfile/judge"
	"github.com/latch-keys/latch/internal/lattice"
)

// Wherever one of those who may read a file reads it otherwise, the file does
// not tell how its host stands; told the reader, it does.
func TestWhatReadersDisagreeAboutIsNotKnown(t *testing.T) {
	t.Parallel()
	words := keyWords(t)
	const plain = "# host: web-1\n# target: rust-0.82\nWASMCLOUD_LATTICE=prod\nWASMCLOUD_CLUSTER_SEED=SEED_A\nWASMCLOUD_CLUSTER_ISSUERS=KEY_B,KEY_A\n"
	const list = "WASMCLOUD_CLUSTER_ISSUERS=KEY_B,KEY_A"
	for name, c := range map[string]struct{ path, text, reader, want string }{
		"plain":            {"web-1.env", plain, "", ""},
		"comment":          {"web-1.env", strings.Replace(plain, list, list+" # both", 1), "", "readers disagree about WASMCLOUD_CLUSTER_ISSUERS at line 5"},
		"comment, named":   {"web-1.env", strings.Replace(plain, list, list+" # both", 1), "compose", ""},
		"quotes":           {"web-1.env", strings.Replace(plain, list, `WASMCLOUD_CLUSTER_ISSUERS="KEY_B,KEY_A"`, 1), "", "readers disagree about WASMCLOUD_CLUSTER_ISSUERS at line 5"},
		"export":           {"web-1.env", strings.ReplaceAll(plain, "\nW", "\nexport W"), "", "readers disagree about WASMCLOUD_CLUSTER_SEED at line 4"},
		"export, sh":       {"web-1.sh", strings.ReplaceAll(plain, "\nW", "\nexport W"), "", ""},
		"trailing blanks":  {"web-1.env", strings.Replace(plain, list, list+"  ", 1), "", "readers disagree about WASMCLOUD_CLUSTER_ISSUERS at line 5"},
		"blanks around =":  {"web-1.env", strings.Replace(plain, "ISSUERS=", "ISSUERS = ", 1), "", "readers disagree about WASMCLOUD_CLUSTER_ISSUERS at line 5"},
		"colons":           {"web-1.env", strings.ReplaceAll(plain, "=", ": "), "", "readers disagree about WASMCLOUD_CLUSTER_SEED at line 4"},
		"comment, systemd": {"web-1.systemd", strings.Replace(plain, list, list+" # both", 1), "", ""},
		".env of Rust":     {"web-1/.env", strings.Replace(plain, list, list+" # both", 1), "", "readers disagree about WASMCLOUD_CLUSTER_ISSUERS at line 5"},
		".env of OTP":      {"web-1/.env", strings.Replace(plain, "rust-0.82", "otp", 1), "", ""},
		"expanded":         {"web-1.sh", strings.Replace(plain, list, "WASMCLOUD_CLUSTER_ISSUERS=$ALL", 1), "", "WASMCLOUD_CLUSTER_ISSUERS at line 5 gets a part of its value from elsewhere"},
	} {
		var o envfile.Options
		if c.reader != "" {
			var err error
			if o.Reading, err = envfile.ParseReading(c.reader); err != nil {
				t.Fatal(err)
			}
		}
		hosts, err := envfile.Parse(c.path, []byte(words.Replace(c.text)), o)
		if err != nil {
			t.Fatal(err)
		}
		seen := judge.Observe(hosts, time.Unix(1, 0))
		if len(seen) != 1 || seen[0].Host != "web-1" || seen[0].Evidence != lattice.Read || seen[0].Source != c.path {
			t.Fatalf("%s: %+v", name, seen)
		}
		if got := seen[0].Doubt; c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: unknown for %q, want %q", name, got, c.want)
		}
	}
}

// Only what speaks of cluster keys in the lattice says how its hosts stand.
func TestInLattice(t *testing.T) {
	t.Parallel()
	words := keyWords(t)
	for text, want := range map[string]int{
		"WASMCLOUD_LATTICE=prod\nWASMCLOUD_CLUSTER_SEED=SEED_A\n":        1,
		"WASMCLOUD_LATTICE_PREFIX=prod\nWASMCLOUD_CLUSTER_ISSUERS=KEY_A": 1,
		"WASMCLOUD_CLUSTER_SEED=SEED_A\n":                                1,
		"WASMCLOUD_LATTICE=test\nWASMCLOUD_CLUSTER_SEED=SEED_A\n":        0,
		"WASMCLOUD_LATTICE=prod\n":                                       0,
	} {
		hosts, err := envfile.Parse("web-1.env", []byte(words.Replace(text)), envfile.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got := judge.InLattice(hosts, "prod"); len(got) != want {
			t.Errorf("%q: %d hosts, want %d", text, len(got), want)
		}
	}
}
