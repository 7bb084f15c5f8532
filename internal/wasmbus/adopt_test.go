package wasmbus_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmbus"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

func adopting(names map[keys.PublicKey]string) wasmbus.Adopting {
	return wasmbus.Adopting{Lattice: "prod", Names: names, KeyName: func(keys.PublicKey) (string, bool) { return "", false }}
}

// runs is a host that answers.
func runs(t *testing.T, name string, signs keys.PublicKey, accepts ...keys.PublicKey) wasmbus.Reply {
	t.Helper()
	return wasmbus.Reply{
		Key: natstest.Key(t, keys.Server).PublicKey(), Lattice: "prod", Version: "0.82.0", Tells: true, Name: "made-up-1234",
		Labels: map[string]string{"latch_host": name}, Signs: signs, Accepts: accepts,
		Servers: map[wasmcloud.Purpose]string{wasmcloud.RPC: "nats://10.0.0.5:4223", wasmcloud.Control: "10.0.0.6"}, Domain: "hub",
	}
}

func adopt(t *testing.T, o wasmbus.Adopting, replies ...wasmbus.Reply) wasmbus.Adoption {
	t.Helper()
	found, err := wasmbus.Adopt(o, wasmbus.Answers{Replies: replies})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// shape is an adoption in short: each host with its issuer, and each issuer.
func shape(found wasmbus.Adoption) string {
	var parts []string
	for _, h := range found.Manifest.Hosts {
		parts = append(parts, h.Name+"="+h.SignsWith)
	}
	for _, is := range found.Manifest.Issuers {
		parts = append(parts, "+"+is.Name)
	}
	for _, l := range found.LeftOut {
		parts = append(parts, "-"+l.Host)
	}
	return strings.Join(parts, " ")
}

// Hosts with keys of their own, and a rotation that was under way when the manifest was
// lost: what signs or is accepted by all stays an issuer.
func TestAdopt(t *testing.T) {
	t.Parallel()
	a, b, next := clusterKey(t), clusterKey(t), clusterKey(t)
	if got := shape(adopt(t, adopting(nil), runs(t, "web-1", a, a, b), runs(t, "web-2", b, b, a))); got != "web-1=prod-web-1 web-2=prod-web-2 +prod-web-1 +prod-web-2" {
		t.Error(got)
	}
	found := adopt(t, adopting(nil), runs(t, "web-1", a, a, next), runs(t, "web-2", a, a))
	if got := shape(found); got != "web-1=prod-cluster web-2=prod-cluster +prod-cluster" || len(found.Remarks) != 1 || !strings.HasPrefix(found.Remarks[0], next.String()+" is left out of the issuers") {
		t.Errorf("%s, %q", got, found.Remarks)
	}
	found = adopt(t, adopting(nil), runs(t, "web-1", a, a, next), runs(t, "web-2", a, next, a))
	if got := shape(found); got != "web-1=prod-cluster web-2=prod-cluster +prod-cluster +prod-issuer" || len(found.Remarks) != 1 {
		t.Errorf("%s, %q", got, found.Remarks)
	}
	m := found.Manifest
	if rpc, ctl := m.NATS.For(wasmcloud.RPC), m.NATS.For(wasmcloud.Control); rpc.Host != "10.0.0.5" || rpc.Port != 4223 || ctl.Host != "10.0.0.6" || m.NATS.JetStreamDomain != "hub" {
		t.Errorf("%+v", m.NATS)
	}
	if m.Target.String() != "rust-0.82" || m.Generation != 1 {
		t.Errorf("%+v", m)
	}
	if got := shape(adopt(t, adopting(nil), runs(t, "web-1", a, a))); got != "web-1=prod-cluster +prod-cluster" {
		t.Errorf("a host that is alone: %s", got)
	}
}

// Whoever merely answers lets no key in: not by naming hosts' keys as accepted, and
// not by claiming to sign with one of theirs.
func TestAdoptAmongHostile(t *testing.T) {
	t.Parallel()
	a, evil := clusterKey(t), clusterKey(t)
	for name, hostile := range map[string]wasmbus.Reply{
		"accepts all":     runs(t, "web-3", evil, a, evil),
		"claims a key":    runs(t, "web-3", a, a, evil),
		"another lattice": func() wasmbus.Reply { r := runs(t, "web-3", evil, a, evil); r.Lattice = "eu"; return r }(),
		"odd addresses": func() wasmbus.Reply {
			r := runs(t, "web-3", a, a)
			r.Servers, r.Domain = map[wasmcloud.Purpose]string{wasmcloud.RPC: "nats://a b\n:1"}, "x\ny"
			return r
		}(),
	} {
		found := adopt(t, adopting(nil), runs(t, "web-1", a, a), runs(t, "web-2", a, a), hostile)
		if slices.ContainsFunc(found.Manifest.Accepted(), func(key keys.PublicKey) bool { return key == evil }) || len(found.Manifest.Issuers) != 1 {
			t.Errorf("%s: %s", name, shape(found))
		}
		if strings.ContainsAny(found.Manifest.NATS.For(wasmcloud.RPC).Host+found.Manifest.NATS.JetStreamDomain, " \n") {
			t.Errorf("%s: %+v", name, found.Manifest.NATS)
		}
	}
}

// What no manifest can be made of is refused or left out, each with its reason.
func TestAdoptRefuses(t *testing.T) {
	t.Parallel()
	a, b, c, d := clusterKey(t), clusterKey(t), clusterKey(t), clusterKey(t)
	old, blind, mute := runs(t, "old", a, a), runs(t, "blind", a), runs(t, "mute", a)
	old.Version, blind.Ignores, mute.Tells = "0.70.0", true, false
	twin := runs(t, "web-1", a, a)
	twin.Version = "0.63.2"
	for says, replies := range map[string][]wasmbus.Reply{
		"is a lattice of one":                       {runs(t, "a", a, a), runs(t, "b", b, b)},
		"several lattices of equal size":            {runs(t, "a", a, a), runs(t, "b", a, a), runs(t, "c", c, c), runs(t, "d", c, c, d)},
		"no host answered that says what it":        {old, blind, mute},
		"two hosts run as web-1 and differ":         {runs(t, "web-1", a, a), twin},
		"no host answered that says what it signs ": nil,
	} {
		if found, err := wasmbus.Adopt(adopting(nil), wasmbus.Answers{Replies: replies}); err == nil || !strings.Contains(err.Error(), says) || fault.HintOf(err) == "" {
			t.Errorf("%s: %v, %s", says, err, shape(found))
		}
	}
	second := runs(t, "web-1", a, a)
	if got := shape(adopt(t, adopting(nil), runs(t, "web-1", a, a), second, blind, mute, old)); got != "web-1=prod-cluster +prod-cluster -blind -mute -old" {
		t.Errorf("replicas: %s", got)
	}
	if got := shape(adopt(t, adopting(map[keys.PublicKey]string{second.Key: "web-2"}), runs(t, "web-1", a, a), second)); got != "web-1=prod-cluster web-2=prod-cluster +prod-cluster" {
		t.Errorf("named: %s", got)
	}
}
