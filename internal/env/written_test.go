package env

import (
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// TestVariablesByTarget repeats by hand what latch writes for which hosts.
func TestVariablesByTarget(t *testing.T) {
	t.Parallel()
	const (
		old    = "WASMCLOUD_LATTICE_PREFIX WASMCLOUD_CLUSTER_ISSUERS WASMCLOUD_CLUSTER_SEED "
		nats   = "WASMCLOUD_JS_DOMAIN WASMCLOUD_RPC_HOST WASMCLOUD_RPC_PORT WASMCLOUD_RPC_TLS WASMCLOUD_RPC_JWT WASMCLOUD_RPC_SEED "
		ctl    = "WASMCLOUD_CTL_HOST WASMCLOUD_CTL_PORT WASMCLOUD_CTL_TLS WASMCLOUD_CTL_JWT WASMCLOUD_CTL_SEED "
		prov   = "WASMCLOUD_PROV_RPC_HOST WASMCLOUD_PROV_RPC_PORT WASMCLOUD_PROV_RPC_TLS WASMCLOUD_PROV_RPC_JWT WASMCLOUD_PROV_RPC_SEED "
		host   = "HOST_latch_host HOST_latch_generation "
		label  = "WASMCLOUD_LABEL_latch_host WASMCLOUD_LABEL_latch_generation "
		recent = "WASMCLOUD_LATTICE "
	)
	creds := strings.NewReplacer("RPC_SEED ", "RPC_SEED WASMCLOUD_RPC_CREDS ", "CTL_SEED ", "CTL_SEED WASMCLOUD_CTL_CREDS ")
	want := map[string]string{
		"otp-0.51":  old + nats + ctl + prov + host,
		"otp":       old + nats + ctl + prov + host,
		"rust-0.78": old + nats + ctl + prov + host,
		"rust-0.79": old + nats + ctl + prov + host + label,
		"rust-0.80": old + nats + ctl + prov + label,
		"rust-0.81": old + nats + ctl + label,
		"rust-0.82": recent + old + nats + ctl + label,
		"rust-1.0":  recent + nats + ctl + label,
		"rust-1.3":  recent + creds.Replace(nats+ctl) + label,
	}
	for _, target := range wasmcloud.AllTargets() {
		var got string
		for _, w := range NewBuilder(lattice.Manifest{}).written(target) {
			if _, creds := strings.CutSuffix(w.name, "_CREDS"); !creds || target.ReadsCredsFiles() {
				got += w.name + " "
			}
		}
		if got != want[target.String()] {
			t.Errorf("%s is told\n%s, want\n%s", target, got, want[target.String()])
		}
	}
}

// TestFormsByTarget: what differs in form from target to target.
func TestFormsByTarget(t *testing.T) {
	t.Parallel()
	type forms struct{ rpc, off, prov, server string }
	for name, want := range map[string]forms{
		"otp-0.51": {"1", "0", "1", "::1"}, "otp": {"true", "false", "1", "::1"},
		"rust-0.78": {"true", "false", "true", "[::1]"}, "rust-0.80": {"true", "false", "true", "[::1]"},
		"rust-0.81": {"true", "false", "", "[::1]"}, "rust-1.3": {"true", "false", "", "[::1]"},
	} {
		m := withTLS(connected(t, name))
		m.Hosts[0].NATS = m.Hosts[0].NATS.With(wasmcloud.RPC, lattice.Connection{Host: "::1"})
		told := values(mustLogIn(t, m, "web-1", parseSeed(t, docsSeed), loggedIn(t, m)))
		got := forms{told["WASMCLOUD_RPC_TLS"], told["WASMCLOUD_CTL_TLS"], told["WASMCLOUD_PROV_RPC_TLS"], told["WASMCLOUD_RPC_HOST"]}
		if got != want {
			t.Errorf("%s: got %+v, want %+v", name, got, want)
		}
	}
}

// TestManifestCannotContradict: what is written, or is a secret, cannot be given by
// the manifest's env; all else can.
func TestManifestCannotContradict(t *testing.T) {
	t.Parallel()
	for _, v := range wasmcloud.Variables() {
		if strings.HasSuffix(v.Name, "*") {
			continue // any other label can be given
		}
		if err := lattice.CheckVariable(v.Name); (err != nil) != (Writes(v) || v.Sensitivity == wasmcloud.Secret) {
			t.Errorf("%s, written %t, sensitivity %d: %v", v.Name, Writes(v), v.Sensitivity, err)
		}
	}
	for _, w := range allWritten() {
		if lattice.CheckVariable(w.name) == nil {
			t.Errorf("%s is written, and the manifest's env can set it too", w.name)
		}
	}
}

// TestSecretsAreSeeds: what the table calls secret is held as a seed, and nothing
// else is.
func TestSecretsAreSeeds(t *testing.T) {
	t.Parallel()
	readers := wasmcloud.NewRegistry()
	for _, target := range wasmcloud.AllTargets() {
		m := withTLS(connected(t, target.String()))
		e := mustLogIn(t, m, "web-1", parseSeed(t, docsSeed), loggedIn(t, m))
		for _, a := range e.Assignments {
			if v, known := readers.Lookup(a.Name); !known || a.Secret() != (v.Sensitivity == wasmcloud.Secret) {
				t.Errorf("%s: sensitivity %d, its value's Secret is %t", a.Name, v.Sensitivity, a.Secret())
			}
		}
	}
}
