package doctor_test

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/doctor"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// sound are the facts of a machine where everything is as it should be.
func sound() doctor.Facts {
	return doctor.Facts{
		Manifest:   doctor.Manifest{Path: "lattice.yaml", Lattice: "prod", Generation: 3},
		Keystore:   doctor.Keystore{URI: "age:keys", Origin: "manifest lattice.yaml", Count: 2, Sealed: true, Recipients: 1},
		Identities: []doctor.Identity{{Path: "id.txt", Opens: true}},
		Files:      []doctor.File{{Path: "env"}, {Path: "env/a.env", Secret: true}},
		Hosts:      []doctor.Host{{Name: "a", Written: true, Generation: 3}},
		EnvDir:     "env",
		Servers:    []doctor.Server{{Address: "nats.example.org:4222"}},
	}
}

func TestSoundMachine(t *testing.T) {
	t.Parallel()
	findings := doctor.Examine(sound())
	var checks []string
	for _, f := range findings {
		checks = append(checks, f.Check)
		if f.Status != doctor.OK || f.Remedy != "" {
			t.Errorf("%+v", f)
		}
	}
	if want := []string{"manifest", "keyring", "keystore", "identity", "permissions", "git", "env files", "nats"}; !slices.Equal(checks, want) {
		t.Errorf("%v, want %v", checks, want)
	}
	if doctor.AnyMissing(findings) {
		t.Error("something is missing")
	}
}

// A manifest that cannot be read says nothing of the keystore, the hosts and the
// servers, and nothing is concluded from that.
func TestNothingFollowsFromABrokenManifest(t *testing.T) {
	t.Parallel()
	findings := doctor.Examine(doctor.Facts{
		Manifest: doctor.Manifest{Path: "lattice.yaml", Err: errors.New("line 3: what")}, Keyring: errors.New("there is no keyring"),
	})
	var unread []string
	for _, f := range findings {
		if f.Status != doctor.Note && f.Check != "manifest" {
			t.Errorf("%+v", f)
		}
		if f.Message == "not looked at: the manifest cannot be read" {
			unread = append(unread, f.Check)
		}
	}
	if want := []string{"keystore", "identity", "env files", "nats"}; !slices.Equal(unread, want) {
		t.Errorf("not looked at: %v, want %v", unread, want)
	}
}

// Each thing that is wrong is told by its own check, with what to do about it; what is
// not needed does not make the answer no.
func TestEachCheck(t *testing.T) {
	t.Parallel()
	hinted := fault.New(fault.Unavailable, "the keyring cannot be used").WithHint("start one")
	absent := fmt.Errorf("there is no such file: %w", fs.ErrNotExist)
	for name, c := range map[string]struct {
		spoil   func(f *doctor.Facts)
		check   string
		status  doctor.Status
		message string
		remedy  string
	}{
		"no manifest here":           {func(f *doctor.Facts) { f.Manifest = doctor.Manifest{Path: "lattice.yaml", Err: absent} }, "manifest", doctor.Note, "there is no lattice.yaml", "latch lattice init"},
		"no manifest that was named": {func(f *doctor.Facts) { f.Manifest = doctor.Manifest{Path: "p.yaml", Named: true, Err: absent} }, "manifest", doctor.Missing, "there is no p.yaml", "latch lattice init --manifest p.yaml"},
		"a broken manifest":          {func(f *doctor.Facts) { f.Manifest.Err = errors.New("line 3: what") }, "manifest", doctor.Missing, "line 3: what", "latch lattice check lattice.yaml"},
		"a wrong manifest":           {func(f *doctor.Facts) { f.Manifest.Errors = []string{"bad", "worse"} }, "manifest", doctor.Missing, "2 errors: bad", "latch lattice check"},
		"a doubtful manifest":        {func(f *doctor.Facts) { f.Manifest.Warnings = []string{"odd"} }, "manifest", doctor.Warning, "1 warning: odd", "latch lattice check"},
		"no keyring, in use": {func(f *doctor.Facts) {
			f.Keyring, f.Keystore = hinted, doctor.Keystore{URI: "keyring:", Keyring: true, Err: hinted}
		}, "keyring", doctor.Missing, "cannot be used", "start one"},
		"no keyring, not in use": {func(f *doctor.Facts) { f.Keyring = hinted }, "keyring", doctor.Note, "age:keys, does not need it", ""},
		"no keystore, wanted":    {func(f *doctor.Facts) { f.Keystore.Err = absent }, "keystore", doctor.Missing, "no such file", "latch keystore check age:keys"},
		"no keystore yet": {func(f *doctor.Facts) {
			f.Manifest.Lattice, f.Keystore = "", doctor.Keystore{URI: "dir:k", Err: absent}
		}, "keystore", doctor.Note, "the first key makes it", "latch keys gen"},
		"a lost index": {func(f *doctor.Facts) {
			f.Keystore = doctor.Keystore{URI: "keyring:", Keyring: true, Err: errors.New("the index is lost")}
		}, "keystore", doctor.Missing, "the index is lost", "latch keystore check keyring:"},
		"a seed is gone":     {func(f *doctor.Facts) { f.Keystore.Lacks = []string{"prod-cluster"} }, "keystore", doctor.Missing, "lacks 1 seed that the manifest needs: prod-cluster", "latch keys import FILE --name prod-cluster"},
		"no identity":        {func(f *doctor.Facts) { f.Identities = nil }, "identity", doctor.Missing, "no identity that opens age:keys", "LATCH_IDENTITY_FILE"},
		"the wrong identity": {func(f *doctor.Facts) { f.Identities[0].Opens = false }, "identity", doctor.Missing, "not id.txt", "recipients add"},
		"a sealed identity":  {func(f *doctor.Facts) { f.Identities = []doctor.Identity{{Path: "id.txt", Sealed: true}} }, "identity", doctor.Note, "id.txt needs a passphrase", "latch keystore check"},
		"an unsafe identity": {func(f *doctor.Facts) {
			f.Identities = []doctor.Identity{{Path: "bad.txt", Err: hinted}, {Path: "id.txt", Opens: true}}
		}, "identity", doctor.Warning, "passes over bad.txt", "start one"},
		"a passphrase":             {func(f *doctor.Facts) { f.Keystore.Recipients, f.Identities = 0, nil }, "identity", doctor.OK, "opens with a passphrase", ""},
		"no identity needed":       {func(f *doctor.Facts) { f.Keystore, f.Identities = doctor.Keystore{URI: "dir:k"}, nil }, "identity", doctor.Note, "needs no identity", ""},
		"an unsafe env file":       {func(f *doctor.Facts) { f.Files[1].Unsafe = hinted }, "permissions", doctor.Warning, "cannot be used", "start one"},
		"an unsafe keystore":       {func(f *doctor.Facts) { f.Files[0].Unsafe, f.Files[0].Needed = hinted, true }, "permissions", doctor.Missing, "cannot be used", "start one"},
		"git would take a seed":    {func(f *doctor.Facts) { f.Files[1].Seen = true }, "git", doctor.Warning, "does not ignore files with secrets: env/a.env", ".gitignore"},
		"git has a seed":           {func(f *doctor.Facts) { f.Files[1].Tracked = true }, "git", doctor.Warning, "git tracks files with secrets", "latch issuers rotate start"},
		"no env files":             {func(f *doctor.Facts) { f.Hosts[0].Written = false }, "env files", doctor.Note, "no files in env", "latch env write"},
		"an old env file":          {func(f *doctor.Facts) { f.Hosts[0].Generation = 2 }, "env files", doctor.Warning, "that for a is older than the manifest's generation 3", "latch env write"},
		"an old manifest":          {func(f *doctor.Facts) { f.Hosts[0].Generation = 4 }, "env files", doctor.Warning, "newer than the manifest", "git pull"},
		"NATS cannot be reached":   {func(f *doctor.Facts) { f.Servers[0].Err = errors.New("connection refused") }, "nats", doctor.Warning, "nats.example.org:4222 does not accept a TCP connection from here: connection refused", "check its name"},
		"no NATS":                  {func(f *doctor.Facts) { f.Servers = nil }, "nats", doctor.Note, "names no NATS server", ""},
		"no manifest to name NATS": {func(f *doctor.Facts) { f.Manifest, f.Servers = doctor.Manifest{Path: "m", Err: absent}, nil }, "nats", doctor.Note, "without a manifest", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			facts := sound()
			c.spoil(&facts)
			findings := doctor.Examine(facts)
			i := slices.IndexFunc(findings, func(f doctor.Finding) bool { return f.Check == c.check })
			if i < 0 || findings[i].Status != c.status || !strings.Contains(findings[i].Message, c.message) ||
				!strings.Contains(findings[i].Remedy, c.remedy) || (c.remedy == "") != (findings[i].Remedy == "") {
				t.Errorf("%+v", findings)
			}
			if doctor.AnyMissing(findings) != (c.status == doctor.Missing) {
				t.Errorf("missing: %v, of %+v", doctor.AnyMissing(findings), findings)
			}
		})
	}
}

// Thousands of files do not make thousands of lines.
func TestManyFilesAreCounted(t *testing.T) {
	t.Parallel()
	facts := sound()
	facts.Files = nil
	for i := range 1000 {
		facts.Files = append(facts.Files, doctor.File{Path: fmt.Sprint(i), Secret: true, Seen: true, Unsafe: errors.New("open to all")})
	}
	findings := doctor.Examine(facts)
	if len(findings) > 20 || !slices.ContainsFunc(findings, func(f doctor.Finding) bool { return strings.Contains(f.Message, "995 more") }) {
		t.Errorf("%d findings: %+v", len(findings), findings)
	}
}

// Servers are named once, with the port that NATS has by itself.
func TestAddresses(t *testing.T) {
	t.Parallel()
	rpc, ctl := wasmcloud.Purposes()[0], wasmcloud.Purposes()[1]
	var shared lattice.NATS
	shared = shared.With(rpc, lattice.Connection{Host: "nats.example.org"}).With(ctl, lattice.Connection{Host: "::1", Port: 4333})
	m := lattice.Manifest{NATS: shared, Hosts: []lattice.Host{
		{Name: "a"}, {Name: "b", NATS: lattice.NATS{}.With(rpc, lattice.Connection{Host: "b.example.org", Port: 1})},
	}}
	if got := fmt.Sprint(doctor.Addresses(m)); got != "[[::1]:4333 b.example.org:1 nats.example.org:4222]" {
		t.Error(got)
	}
	if got := doctor.Addresses(lattice.Manifest{Hosts: []lattice.Host{{Name: "a"}}}); len(got) > 0 {
		t.Errorf("%v, of a manifest without servers", got)
	}
}
