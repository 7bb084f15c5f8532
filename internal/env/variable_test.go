package env

import (
	"regexp"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/lattice"
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
	for _, target := range lattice.AllTargets() {
		var got string
		for _, v := range Variables() {
			if v.Written() && v.ReadBy(target) {
				got += v.Name + " "
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
		m.Hosts[0].NATS = m.Hosts[0].NATS.With(lattice.RPC, lattice.Connection{Host: "::1"})
		told := values(mustLogIn(t, m, "web-1", parseSeed(t, docsSeed), loggedIn(t)))
		got := forms{told["WASMCLOUD_RPC_TLS"], told["WASMCLOUD_CTL_TLS"], told["WASMCLOUD_PROV_RPC_TLS"], told["WASMCLOUD_RPC_HOST"]}
		if got != want {
			t.Errorf("%s: got %+v, want %+v", name, got, want)
		}
	}
}

// TestSecretVariablesStayOut: what is written, or is a secret, cannot be given by
// the manifest's env; all else can.
func TestSecretVariablesStayOut(t *testing.T) {
	t.Parallel()
	for _, v := range Variables() {
		if err := lattice.CheckVariable(v.Name); (err != nil) != (v.Written() || v.Sensitive) {
			t.Errorf("%s, written %t, sensitive %t: %v", v.Name, v.Written(), v.Sensitive, err)
		}
	}
}

func TestVariablesAreWellFormed(t *testing.T) {
	t.Parallel()
	shape := regexp.MustCompile(`^[A-Z][A-Z0-9_]*(latch_[a-z]+)?$`)
	seen := make(map[string]bool)
	for _, v := range Variables() {
		if !shape.MatchString(v.Name) || seen[v.Name] || v.Meaning == "" || v.Form == "" || len(v.Targets) == 0 {
			t.Errorf("row %q is misspelt, repeated or incomplete", v.Name)
		}
		seen[v.Name] = true
	}
	for _, target := range lattice.AllTargets() {
		e := mustLogIn(t, withTLS(connected(t, target.String())), "web-1", parseSeed(t, docsSeed), loggedIn(t))
		for _, v := range Variables() {
			for _, a := range e.Assignments {
				if a.Name == v.Name && a.Secret() != v.Sensitive {
					t.Errorf("%s: Sensitive is %t, its value's Secret is %t", v.Name, v.Sensitive, a.Secret())
				}
			}
		}
	}
	if len(seen) == 0 {
		t.Error("the table is empty")
	}
}
