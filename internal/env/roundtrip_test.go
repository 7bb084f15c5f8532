package env

import (
	"bytes"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/env/envfile"
	"github.com/latch-keys/latch/internal/env/envfile/judge"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// TestLatchReadsBackWhatItWrites: env check, --deployed and --diff find in a file
// of any dialect what env write put there, for every target: the values, and by
// them who the host is and what it accepts.
func TestLatchReadsBackWhatItWrites(t *testing.T) {
	t.Parallel()
	for _, d := range Dialects() {
		if d.Name() == "systemd-credentials" {
			continue // it holds no values, but names the file that does: TestDropInNamesItsCredential
		}
		read := 0
		for _, target := range wasmcloud.AllTargets() {
			e := full(t, target.String(), d.Name() != "helm" || !target.IsOTP())
			text, err := d.Render(e, Revealed)
			if err != nil {
				continue // what the dialect does not carry is in the golden files
			}
			read++
			hosts, err := envfile.Parse("web-1"+d.Extension(), text, envfile.Options{Target: func(string) wasmcloud.Target { return target }})
			if err != nil || len(hosts) != 1 {
				t.Errorf("%s for %s: %d hosts, %v", d.Name(), target, len(hosts), err)
				continue
			}
			h := hosts[0]
			got := map[string]string{}
			for name, entry := range h.Final() {
				got[name] = string(entry.Value())
			}
			want := values(carried(d, e))
			for name, value := range want {
				if got[name] != value {
					t.Errorf("%s for %s: %s is read as %q, want %q", d.Name(), target, name, got[name], value)
				}
			}
			if h.Name != "web-1" || len(h.Findings)+len(h.Doubts) > 0 {
				t.Errorf("%s for %s: read as %q, with %v and %v", d.Name(), target, h.Name, h.Findings, h.Doubts)
			}
			if standing := judge.Standing(h); !target.IgnoresClusterKeys() && (standing.Signs != e.PublicKey || len(standing.Accepts) != 2) {
				t.Errorf("%s for %s: it signs with %s and accepts %v", d.Name(), target, standing.Signs, standing.Accepts)
			}
		}
		if read == 0 {
			t.Errorf("%s is for no target", d.Name())
		}
	}
}

// TestOddValuesReadBack: what a dialect carries, latch reads back to the byte.
func TestOddValuesReadBack(t *testing.T) {
	t.Parallel()
	for _, d := range Dialects() {
		if d.Name() == "otp-json" || d.Name() == "helm" || d.Name() == "systemd-credentials" {
			continue // these have no place for any variable
		}
		for _, a := range oddities(t, d) {
			e := plainly(t, "HOST_odd", a.plain)
			text, err := d.Render(e, Revealed)
			if err != nil {
				t.Fatal(err)
			}
			hosts, err := envfile.Parse("web-1"+d.Extension(), text, envfile.Options{})
			if err != nil || len(hosts) != 1 {
				t.Errorf("%s of %q: %d hosts, %v", d.Name(), a.plain, len(hosts), err)
				continue
			}
			if got := hosts[0].Final()["HOST_odd"]; !bytes.Equal(got.Value(), []byte(a.plain)) {
				t.Errorf("%s: %q is read as %q", d.Name(), a.plain, got.Value())
			}
		}
	}
}

// TestDropInNamesItsCredential: a drop-in of a unit that loads the environment as a
// credential is read as the file that it names, which is not here: that is said, as
// an error, and no host without a seed is made of it.
func TestDropInNamesItsCredential(t *testing.T) {
	t.Parallel()
	text, err := dialect("systemd-credentials").Render(web1(t, "rust-0.82"), Revealed)
	if err != nil {
		t.Fatal(err)
	}
	hosts, err := envfile.Parse("web-1.conf", text, envfile.Options{})
	if err != nil || len(hosts) != 1 || hosts[0].Name != "web-1" || len(hosts[0].Findings) != 1 {
		t.Fatalf("%+v, %v", hosts, err)
	}
	if f := hosts[0].Findings[0]; f.Severity != finding.Error || !strings.Contains(f.Message, "/etc/credstore/web-1.json") {
		t.Error(f)
	}
}

// TestReadersNoticeWrongQuoting: a dialect that forgets to escape would pass by its
// golden files alone. Each is broken here, and is read back wrong.
func TestReadersNoticeWrongQuoting(t *testing.T) {
	t.Parallel()
	never := func(byte) string { return "" }
	for name, line := range map[string]func([]byte, string, []byte) []byte{
		"sh": quotedLine("export %s=", '\'', never), "fish": quotedLine("set -gx %s ", '\'', never),
		"powershell": quotedLine("$Env:%s = ", '\'', never), "systemd": quotedLine("%s=", '"', never), "github": bareLine,
	} {
		broken := dialect(name)
		broken.line = line
		noticed := false
		for _, a := range oddities(t, broken) {
			text, err := broken.Render(plainly(t, "HOST_odd", a.plain), Revealed)
			if err != nil {
				t.Fatal(err)
			}
			hosts, err := envfile.Parse("web-1"+broken.Extension(), text, envfile.Options{})
			noticed = noticed || err != nil || len(hosts) != 1 || !bytes.Equal(hosts[0].Final()["HOST_odd"].Value(), []byte(a.plain))
		}
		if !noticed {
			t.Errorf("%s without its quoting reads back all the same", name)
		}
	}
}
