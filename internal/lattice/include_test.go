package lattice

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// defaults is what the lattices of the tests share.
const defaults = `# For all environments.
version: 1
target: rust-0.82
keystore: age:keys
nats:
  rpc: {host: nats.example, port: 4333, creds: users/web.creds}
  ctl: {host: nats.example}
nats_users: {signer: signer, account_jwt: account.jwt}
max_age: 90d
`

// including is a manifest that says the rest.
const including = `# The lattice prod.
version: 1
include: ../defaults.yaml # for all
lattice: prod
issuers:
  - name: one
    public_key: KEY0
hosts:
  - name: web-1
    signs_with: one
generation: 3
`

// included writes a tree with a manifest and what it includes, and gives the path of
// the manifest.
func included(t *testing.T, manifest, shared string) string {
	t.Helper()
	root := t.TempDir()
	path := filepath.Join(root, "prod", "lattice.yaml")
	if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{path: fill(manifest), filepath.Join(root, "defaults.yaml"): fill(shared)} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

func mustLoad(t *testing.T, path string) *Document {
	t.Helper()
	d, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// What a manifest includes counts where it says nothing itself, field by field, and
// paths are those of the file in which they stand.
func TestInclude(t *testing.T) {
	t.Parallel()
	own := strings.Replace(including, "issuers:", "max_age: 30d\nnats:\n  rpc: {port: 4444}\nissuers:", 1)
	d := mustLoad(t, included(t, own, defaults))
	m := d.Manifest()
	rpc, ctl := m.NATS.For(wasmcloud.RPC), m.NATS.For(wasmcloud.Control)
	switch {
	case m.Target.String() != "rust-0.82", m.Keystore != "age:../keys", m.MaxAge != 30*24*time.Hour:
		t.Errorf("got %+v", m)
	case rpc != Connection{Host: "nats.example", Port: 4444, Creds: "../users/web.creds"}, ctl.Host != "nats.example":
		t.Errorf("got %+v and %+v", rpc, ctl)
	case m.NATSUsers.Signer != "signer" || m.NATSUsers.AccountJWT != "../account.jwt":
		t.Errorf("got %+v", m.NATSUsers)
	case filepath.Base(d.Included()) != "defaults.yaml":
		t.Errorf("got %q", d.Included())
	}
}

// An edit changes the manifest alone, and writes nothing into it that it includes.
func TestIncludeIsNotWrittenIntoTheManifest(t *testing.T) {
	t.Parallel()
	path := included(t, including, defaults)
	d, err := addHost(mustLoad(t, path), Host{Name: "web-2", SignsWith: "one"})
	if err != nil {
		t.Fatal(err)
	}
	if d, err = updated(d, func(m Manifest) (Manifest, error) { m.MinSoak = time.Minute; return m, nil }); err != nil {
		t.Fatal(err)
	}
	if err := d.Save(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := strings.Replace(fill(including), "generation: 3", "  - name: web-2\n    signs_with: one\ngeneration: 4\nmin_soak: 1m", 1)
	if got, err := os.ReadFile(path); err != nil || string(got) != want {
		t.Errorf("got %v\n%s\nwant\n%s", err, got, want)
	}
	if m := mustLoad(t, path).Manifest(); m.Keystore != "age:../keys" || m.NATS.For(wasmcloud.RPC).Port != 4333 {
		t.Errorf("got %+v", m)
	}
}

// What the manifest is to say otherwise than what it includes stands in it; what
// it cannot take back is refused.
func TestIncludeIsOverruled(t *testing.T) {
	t.Parallel()
	d := mustLoad(t, included(t, including, defaults))
	longer, err := updated(d, func(m Manifest) (Manifest, error) { m.MaxAge = 24 * time.Hour; return m, nil })
	if err != nil || !strings.Contains(string(longer.Bytes()), "max_age: 1d") || strings.Contains(string(longer.Bytes()), "keystore") {
		t.Errorf("got %v\n%s", err, longer.Bytes())
	}
	_, err = updated(d, func(m Manifest) (Manifest, error) { m.MaxAge = 0; return m, nil })
	if err == nil || !strings.Contains(err.Error(), "defaults.yaml") || fault.HintOf(err) == "" {
		t.Errorf("got %v", err)
	}
}

// A change of the included file between reading and saving is a change of what the
// edit was made over.
func TestIncludeThatChangedIsNotSavedOver(t *testing.T) {
	t.Parallel()
	path := included(t, including, defaults)
	d, err := addHost(mustLoad(t, path), Host{Name: "web-2", SignsWith: "one"})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(d.Included(), []byte(strings.Replace(defaults, "90d", "60d", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := d.Save(t.Context()); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "defaults.yaml") {
		t.Errorf("got %v", err)
	}
}

// Whole says the same in one text, for where there is no other file.
func TestWhole(t *testing.T) {
	t.Parallel()
	d := mustLoad(t, included(t, including, defaults))
	text, err := d.Whole()
	if err != nil {
		t.Fatal(err)
	}
	whole, err := Decode("lattice.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	want := d.Manifest()
	want.Include = ""
	if !whole.Manifest().Equal(want) || !strings.Contains(string(text), "# The lattice prod.") {
		t.Errorf("got\n%s", text)
	}
	if plain := mustDecode(t, fill(sample)); true {
		if text, err := plain.Whole(); err != nil || string(text) != fill(sample) {
			t.Errorf("a manifest that includes nothing: %v\n%s", err, text)
		}
	}
}

// Every error names the file, the line and the field in which it is.
func TestIncludeErrors(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ manifest, shared, place, says string }{
		"nested":          {including, defaults + "include: other.yaml\n", "defaults.yaml:10:10: include:", "includes no other"},
		"of one lattice":  {including, defaults + "issuers: []\n", "defaults.yaml:10:10: issuers:", "of one lattice"},
		"unknown":         {including, defaults + "max_aeg: 1d\n", "defaults.yaml:10:1: ", "did you mean max_age?"},
		"wrong value":     {including, strings.Replace(defaults, "90d", "soon", 1), "defaults.yaml:9:10: max_age:", "soon"},
		"issued users":    {including, strings.Replace(defaults, "signer: signer", "issued: []", 1), "defaults.yaml:8:14: nats_users:", "issued"},
		"no version":      {including, strings.Replace(defaults, "version: 1\n", "", 1), "defaults.yaml:2:1: ", "version is missing"},
		"no YAML":         {including, "version: [", "defaults.yaml:1", ""},
		"empty":           {including, "", "defaults.yaml:1", ""},
		"no target":       {including, strings.Replace(defaults, "target: rust-0.82\n", "", 1), "lattice.yaml:2:1: ", "target is missing"},
		"absolute":        {strings.Replace(including, "../defaults.yaml", "/etc/defaults.yaml", 1), defaults, "lattice.yaml:3:10: include:", "no path from the folder"},
		"of a home":       {strings.Replace(including, "../defaults.yaml", "~/defaults.yaml", 1), defaults, "lattice.yaml:3:10: include:", "no path from the folder"},
		"no YAML by name": {strings.Replace(including, "../defaults.yaml", "../../etc/passwd", 1), defaults, "lattice.yaml:3:10: include:", "no YAML file"},
		"missing":         {strings.Replace(including, "../defaults.yaml", "none.yaml", 1), defaults, "lattice.yaml:3:10: include:", "no such file"},
		"itself":          {strings.Replace(including, "../defaults.yaml", "lattice.yaml", 1), defaults, "lattice.yaml:3:10: include:", "includes no other"},
	} {
		_, err := Load(included(t, c.manifest, c.shared))
		if !isInvalid(err) || !strings.Contains(err.Error(), c.place) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: got %v, want %q and %q", name, err, c.place, c.says)
		}
	}
	if _, err := Decode("lattice.yaml", []byte(fill(including))); !isInvalid(err) || !strings.Contains(err.Error(), "not at hand") {
		t.Errorf("a text without a file: %v", err)
	}
}

// A manifest in a repository includes nothing outside of it, through links neither.
func TestIncludeStaysInTheRepository(t *testing.T) {
	t.Parallel()
	path := included(t, including, defaults)
	if err := os.Mkdir(filepath.Join(filepath.Dir(path), ".git"), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path); !isInvalid(err) || !strings.Contains(err.Error(), "outside the git repository") {
		t.Errorf("got %v", err)
	}
	linked := filepath.Join(filepath.Dir(path), "linked.yaml")
	if err := os.Symlink("../defaults.yaml", linked); err != nil {
		t.Skip("no symbolic links here")
	}
	if err := os.WriteFile(path, []byte(fill(strings.Replace(including, "../defaults.yaml", "linked.yaml", 1))), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path); !isInvalid(err) || !strings.Contains(err.Error(), "outside the git repository") {
		t.Errorf("through a link: %v", err)
	}
	if err := os.Rename(filepath.Join(filepath.Dir(path), ".git"), filepath.Join(filepath.Dir(filepath.Dir(path)), ".git")); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path); err != nil {
		t.Errorf("within the repository: %v", err)
	}
}

// What check finds in what is included is told of that file.
func TestCheckNamesTheIncludedFile(t *testing.T) {
	t.Parallel()
	shared := strings.Replace(defaults, "rust-0.82", "rust-1.0", 1)
	found := false
	for _, f := range Check(mustLoad(t, included(t, including, shared))) {
		if f.Rule == RuleIgnored {
			found = filepath.Base(f.File) == "defaults.yaml" && f.Line == 3
		}
	}
	if !found {
		t.Error("a target without cluster keys is not told of the file that says it")
	}
}

// The schema for what is included agrees with the decoder, and a manifest names a
// target or includes one.
func TestSharedSchema(t *testing.T) {
	t.Parallel()
	s, whole := compileSchema(t, SharedSchema()), compileSchema(t, Schema())
	valid := func(text string, of interface{ Validate(any) error }) bool {
		value, err := yamlValue(fill(text))
		return err == nil && of.Validate(value) == nil
	}
	switch {
	case !valid(defaults, s) || !valid(including, whole):
		t.Error("the schemas refuse what the decoder accepts")
	case valid(defaults+"issuers: []\n", s), valid(defaults+"include: a.yaml\n", s), valid(strings.Replace(including, "include: ../defaults.yaml # for all\n", "", 1), whole):
		t.Error("the schemas accept what the decoder refuses")
	}
}

// What two lattices may not share.
func TestLatticesShareNothing(t *testing.T) {
	t.Parallel()
	at := func(path, text string) *Document {
		d, err := Decode(path, []byte(fill(text)))
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	staging := strings.NewReplacer("lattice: prod", "lattice: staging", "KEY0", "KEY2", "KEY1", "KEY3").Replace(sample)
	user := "nats: {ctl: {jwt: u.jwt, seed: web-user}}\nissuers:"
	for name, c := range map[string]struct {
		first, second *Document
		rule          finding.Rule
		severity      finding.Severity
	}{
		"a key in both":                {at("a.yaml", sample), at("b.yaml", strings.Replace(staging, "KEY2", "KEY0", 1)), RuleSharedKey, finding.Error},
		"a name in one keystore":       {at("x/a.yaml", strings.Replace(sample, "dir:k", "dir:../k", 1)), at("y/b.yaml", strings.Replace(staging, "dir:k", "dir:../k", 1)), RuleSharedName, finding.Error},
		"a name in none that is named": {at("a.yaml", strings.Replace(sample, "keystore: dir:k\n", "", 1)), at("b.yaml", strings.Replace(staging, "keystore: dir:k\n", "", 1)), RuleSharedName, finding.Warning},
		"two keystores":                {at("x/a.yaml", sample), at("y/b.yaml", staging), "", ""},
		"a user":                       {at("a.yaml", strings.Replace(sample, "issuers:", user, 1)), at("b.yaml", strings.Replace(staging, "issuers:", user, 1)), RuleSharedUser, finding.Warning},
		"a denied key":                 {at("x/a.yaml", sample), at("y/b.yaml", staging+"denied: [{public_key: KEY0}]\n"), RuleDeniedThere, finding.Error},
	} {
		var rules []finding.Rule
		severity := finding.Severity("")
		for _, f := range Check(c.first, c.second) {
			switch f.Rule {
			case RuleSharedKey, RuleSharedName, RuleSharedUser, RuleDeniedThere:
				rules = append(rules, f.Rule)
				if f.Rule == c.rule {
					severity = f.Severity
				}
			}
		}
		if len(rules) == 0 != (c.rule == "") || severity != c.severity {
			t.Errorf("%s: got %v, %s", name, rules, severity)
		}
	}
}
