package lattice

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// connected is the sample with settings for NATS, in lines 21 to 33.
const connected = sample + `nats:
  rpc: # where the calls go
    host: nats.example.com
    port: 4223
    tls: true
    jwt: JWT0
    seed: rpc-user
  ctl:
    creds: ctl.creds
  prov_rpc:
    tls: false
    seed: prov-user
  js_domain: hub
`

func TestDecodeNATS(t *testing.T) {
	t.Parallel()
	text := fill(strings.Replace(connected, "    target: otp\n", `    target: otp
    nats: {rpc: {host: "::1"}, ctl: {jwt: users/ctl.jwt, seed: ctl-user}}
    env:
      WASMCLOUD_LOG_LEVEL: debug
      RUST_LOG: "info,\n hyper=off"
`, 1))
	m := mustDecode(t, text).Manifest()
	want := NATS{JetStreamDomain: "hub"}.
		With(wasmcloud.RPC, Connection{Host: "nats.example.com", Port: 4223, TLS: On, JWT: testJWT, Seed: "rpc-user"}).
		With(wasmcloud.Control, Connection{Creds: "ctl.creds"}).
		With(wasmcloud.ProviderRPC, Connection{TLS: Off, Seed: "prov-user"})
	if m.NATS != want || m.NATSOf(m.Hosts[0]) != want {
		t.Errorf("got %+v, want %+v", m.NATS, want)
	}
	own := want.With(wasmcloud.RPC, Connection{Host: "::1", Port: 4223, TLS: On, JWT: testJWT, Seed: "rpc-user"}).
		With(wasmcloud.Control, Connection{JWT: "users/ctl.jwt", Seed: "ctl-user"})
	if got := m.NATSOf(m.Hosts[1]); got != own {
		t.Errorf("got %+v, want %+v", got, own)
	}
	env := []Variable{{"WASMCLOUD_LOG_LEVEL", "debug"}, {"RUST_LOG", "info,\n hyper=off"}}
	if got := m.Hosts[1].Env; !slices.Equal(got, env) {
		t.Errorf("got %q, want %q", got, env)
	}
	if m.Clone().Hosts[1].Env[0].Value = "changed"; !slices.Equal(m.Hosts[1].Env, env) {
		t.Error("a clone shares memory")
	}
}

func TestEqualLooksAtEverySetting(t *testing.T) {
	t.Parallel()
	m := mustDecode(t, fill(connected)).Manifest()
	for name, change := range map[string]func(*Manifest){
		"nats":        func(m *Manifest) { m.NATS = m.NATS.With(wasmcloud.RPC, Connection{}) },
		"domain":      func(m *Manifest) { m.NATS.JetStreamDomain = "" },
		"host's nats": func(m *Manifest) { m.Hosts[0].NATS = m.NATS },
		"host's env":  func(m *Manifest) { m.Hosts[0].Env = []Variable{{"A", "b"}} },
	} {
		other := m.Clone()
		change(&other)
		if m.Equal(other) || !m.Equal(m.Clone()) {
			t.Errorf("%s does not count", name)
		}
	}
}

// TestOverrides: a field of the host counts before the manifest's, and one way
// of logging in drops the other.
func TestOverrides(t *testing.T) {
	t.Parallel()
	pair := Connection{JWT: "a.jwt", Seed: "a"}
	file := Connection{Creds: "a.creds"}
	for _, c := range []struct{ own, base, want Connection }{
		{Connection{}, pair, pair},
		{pair, Connection{}, pair},
		{file, pair, file},
		{pair, file, pair},
		{Connection{Seed: "b"}, pair, Connection{JWT: "a.jwt", Seed: "b"}},
		{Connection{TLS: Off}, Connection{TLS: On, Port: 1}, Connection{TLS: Off, Port: 1}},
		{Connection{Host: "b"}, file, Connection{Host: "b", Creds: "a.creds"}},
	} {
		if got := c.own.over(c.base); got != c.want {
			t.Errorf("%+v over %+v gives %+v, want %+v", c.own, c.base, got, c.want)
		}
	}
}

func natsRefusals() []refusal {
	return []refusal{
		{"a list", "  js_domain: hub\n", "", nil},
		{"no mapping", "nats:\n  rpc:", "nats:\n  rpc: 4222\n  xyz:", []string{"22:8: nats.rpc: must hold fields", "23:3: nats: unknown field"}},
		{"unknown field", "    tls: true", "    tlz: true", []string{`25:5: nats.rpc: unknown field "tlz"; did you mean tls?`}},
		{"URL", "nats.example.com", "nats://a", []string{`23:11: nats.rpc.host: "nats://a" is a URL`}},
		{"port in the host", "nats.example.com", "a:4222", []string{`23:11: nats.rpc.host: "a:4222" is no address`}},
		{"blank in the host", "nats.example.com", "a b", []string{`23:11: nats.rpc.host: "a b" is no name or address`}},
		{"empty host", "nats.example.com", `""`, []string{`23:11: nats.rpc.host: the host is empty`}},
		{"port 0", "4223", "0", []string{"24:11: nats.rpc.port: a port is a number from 1 to 65535"}},
		{"port too large", "4223", "65536", []string{"24:11: nats.rpc.port: a port is"}},
		{"port as text", "4223", "'4223'", []string{"24:11: nats.rpc.port: must be a whole number"}},
		{"tls as text", "tls: true", "tls: yes", []string{"25:10: nats.rpc.tls: must be true or false, not a text"}},
		{"tls as number", "tls: true", "tls: 1", []string{"25:10: nats.rpc.tls: must be true or false, not a number"}},
		{"broken JWT", "JWT0", "eyJ.eyJ.x", []string{"26:10: nats.rpc.jwt: the JWT cannot be read, or its signature does not match: every server refuses it"}},
		{"empty JWT", "JWT0", `""`, []string{"26:10: nats.rpc.jwt: the path is empty"}},
		{"seed is a path", "rpc-user", "keys/rpc", []string{`27:11: nats.rpc.seed: the name "keys/rpc" has`}},
		{"creds and seed", "    creds: ctl.creds", "    creds: ctl.creds\n    seed: a", []string{"29:12: nats.ctl.creds: a credentials file is given beside"}},
		{"somebody's home", "ctl.creds", "~ada/ctl.creds", []string{"29:12: nats.ctl.creds: only ~/ stands for a home folder"}},
		{"bell in a path", "ctl.creds", `"a\a"`, []string{"29:12: nats.ctl.creds: the path holds what cannot be printed"}},
		{"domain", "hub", "a.b", []string{`33:14: nats.js_domain: "a.b" is no JetStream domain`}},
		{"empty domain", "hub", `""`, []string{"33:14: nats.js_domain: the domain is empty"}},
		{"host's settings", "    target: otp", "    nats: {rpc: {port: x}}", []string{"19:24: hosts[1].nats.rpc.port: must be a whole number"}},
	}
}

func TestDecodeRefusesNATS(t *testing.T) {
	t.Parallel()
	for _, c := range natsRefusals() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			text := fill(strings.Replace(connected, c.old, c.new, 1))
			if text == fill(connected) {
				t.Fatal("the case changes nothing")
			}
			_, err := Decode("lattice.yaml", []byte(text))
			expect(t, err, c.want)
		})
	}
}

func TestDecodeFindsSeedsInNATS(t *testing.T) {
	t.Parallel()
	user := "SUAASCIJBEEQSCIJBEEQSCIJBEEQSCIJBEEQSCIJBEEQSCIJBEEQSCKHGM"
	for _, old := range []string{"rpc-user", "JWT0", "ctl.creds", "hub", "nats.example.com"} {
		_, err := Decode("lattice.yaml", []byte(fill(strings.Replace(connected, old, user, 1))))
		if !errors.Is(err, ErrExposedSeed) || leaks(err.Error(), user) {
			t.Errorf("in the place of %s: %v", old, errors.Is(err, ErrExposedSeed))
		}
	}
}

func TestCheckNATS(t *testing.T) {
	t.Parallel()
	seed := Connection{Seed: "a"}
	jwt := Connection{JWT: "a.jwt"}
	both := Connection{JWT: "a.jwt", Seed: "a", TLS: On}
	creds := Connection{Creds: "a.creds"}
	old := []string{"otp-0.51", "otp", "rust-0.78", "rust-0.79", "rust-0.80"}
	for _, c := range []struct {
		what    string
		purpose Purpose
		told    Connection
		says    string
		fine    []string // the targets that can do it
	}{
		{"seed", wasmcloud.RPC, seed, "a seed without a JWT", []string{"otp-0.51", "otp"}},
		{"JWT", wasmcloud.Control, jwt, "a JWT without a seed", nil},
		{"both", wasmcloud.RPC, both, "", targetNames(wasmcloud.AllTargets())},
		{"creds", wasmcloud.Control, creds, "", targetNames(wasmcloud.AllTargets())},
		{"providers", wasmcloud.ProviderRPC, Connection{Port: 1}, "no connection for providers", old},
		{"providers' user", wasmcloud.ProviderRPC, both, "no connection for providers", old},
		{"providers' creds", wasmcloud.ProviderRPC, creds, "no connection for providers", old},
		{"nothing", wasmcloud.ProviderRPC, Connection{}, "", targetNames(wasmcloud.AllTargets())},
	} {
		for _, at := range wasmcloud.AllTargets() {
			m := Manifest{Target: at, Hosts: []Host{{Name: "web-1", NATS: NATS{}.With(c.purpose, c.told)}}}
			err := m.CheckNATS(m.Hosts[0])
			if fine := slices.Contains(c.fine, at.String()); (err == nil) != fine {
				t.Errorf("%s, %s: %v", c.what, at, err)
			}
			if err != nil && (!fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "web-1: ") || !strings.Contains(err.Error(), c.says)) {
				t.Errorf("%s, %s: got %v", c.what, at, err)
			}
		}
	}
}

func targetNames(targets []Target) []string {
	var all []string
	for _, t := range targets {
		all = append(all, t.String())
	}
	return all
}

// TestCheckNATSPlaces: what is inherited is found where it stands, once for all
// hosts of a target.
func TestCheckNATSPlaces(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, old, new string
		want           []string
	}{
		{"otp", "rust-0.82", "otp", nil},
		{"inherited", "", "", []string{"m:31:10 error cannot"}},
		{"once", "    target: otp\n", "", []string{"m:30:10 error cannot"}},
		{"its own", "    target: otp\n", "    nats: {prov_rpc: {port: 1}, rpc: {creds: x}}\n", []string{"m:19:29 error cannot", "m:31:10 error cannot"}},
		{
			"half", "  ctl:\n    creds: ctl.creds\n  prov_rpc:\n    tls: false\n    seed: prov-user\n", "",
			[]string{"m:14:11 warning credentials", "m:17:11 warning credentials"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			found := Check(decodeAt(t, "m", strings.Replace(connected, c.old, c.new, 1)))
			found = slices.DeleteFunc(found, func(f finding.Finding) bool { return f.Rule != RuleCannot && f.Rule != RuleCredentials })
			if got := brief(found); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q: %v", got, c.want, found)
			}
		})
	}
}
